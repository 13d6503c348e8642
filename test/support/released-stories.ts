import { readFileSync } from 'node:fs';
import type { DataConverter } from '@temporalio/common';
import type { RunHistory } from '../../src/temporal/turn/turn-histories.ts';
import { releasedBundle } from './last-release.ts';
import { replayFaults } from './rig-replay.ts';

/**
 * Stories of managed auth that the last released code cannot go on with, by name, with the reason; as in
 * test/workflow/recorded-stories.test.ts for turns. Emptied with each release.
 */
export const AUTH_NEW_TO_THE_RELEASE: Readonly<Record<string, string>> = {
  'auth-page-left': 'The last release ends a login whose page has gone, instead of opening it again.',
};

/**
 * Throws unless the last released code can take the workflows of the story on: a rolling deploy, and a rollback, have both
 * versions at work. A story that is listed as new must not fit, so that the list stays true.
 */
export async function assertFitsRelease(
  story: string,
  runs: RunHistory[],
  dataConverter: DataConverter,
): Promise<void> {
  const released = readFileSync(await releasedBundle(), 'utf8');
  const faults = await replayFaults(released, runs, dataConverter);
  const isNew = story in AUTH_NEW_TO_THE_RELEASE;
  if (isNew === faults.length > 0) return;
  throw new Error(
    isNew
      ? `The last release can go on with "${story}": take it off the list.`
      : `The last release cannot go on with "${story}": ${faults.map(({ error }) => String(error)).join('; ')}`,
  );
}
