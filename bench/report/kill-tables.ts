import { TAKE_OVER_PARTS, type TakeOver } from '../client/take-over.ts';
import { median } from '../statistics.ts';
import type { AuthKill } from '../workloads/auth-kills.ts';
import { table } from './markdown.ts';

const WHAT: Record<keyof TakeOver, string> = {
  missed: 'the holder’s heartbeat is missed',
  decided: 'the workflow decides: sticky queue of the dead worker',
  certain: 'nobody begins the holder again',
  begun: 'another worker has begun to open the page',
  read: 'the form is read',
  shown: 'its frame has arrived',
};

/** How long each kill took. */
export function tookMs(kills: readonly AuthKill[]): number[] {
  return kills.map((kill) => kill.tookMs);
}

/** All kills, and below what they consist of. */
export function killTables(kills: readonly AuthKill[]): string {
  const all = tookMs(kills);
  const parts = kills.flatMap((kill) => (kill.parts ? [kill.parts] : []));
  const whole = table(
    ['kills', 'median s', 'fastest s', 'worst s'],
    [[String(kills.length), median(all) / 1_000, Math.min(...all) / 1_000, Math.max(...all) / 1_000]],
  );
  const consisting = table(
    ['until', 'median s', 'worst s'],
    TAKE_OVER_PARTS.map((part) => {
      const each = parts.map((of) => of[part]);
      return [WHAT[part], median(each) / 1_000, Math.max(...each) / 1_000];
    }),
  );
  return `${whole}\n\n${consisting}`;
}
