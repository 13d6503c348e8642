import type { Page } from 'playwright-core';
import { goTo } from '../http-auth/challenge.ts';
import { activityOf } from '../page/page-activity.ts';
import type { PageReading } from '../page/page-reading.ts';
import { type SettleOptions, settled } from '../page/settle.ts';

/** What a URL showed once it had settled, and how long after the navigation it was there, without what answers to notices took. */
export interface Visited {
  reading: PageReading;
  afterMs: number;
}

/** Opens a URL and reads what it shows once it has settled. */
export async function visit(page: Page, url: string, options: SettleOptions = {}): Promise<Visited> {
  const begunAt = await begin(page, url);
  const { reading, sinceAt, answeredMs } = await settled(page, options);
  return { reading, afterMs: sinceAt - begunAt - answeredMs };
}

/** As {@link visit}, for the page that a login begins with: one that is still loading is waited for once more. */
export async function visitEntry(page: Page, url: string, options: SettleOptions = {}): Promise<Visited> {
  const begunAt = await begin(page, url);
  const first = await settled(page, options);
  const isLoading = first.reading.purpose === 'none' && (first.reading.busy || !first.isBelieved);
  const second = isLoading ? await settled(page, options) : undefined;
  const { reading, sinceAt } = second ?? first;
  const answeredMs = first.answeredMs + (second?.answeredMs ?? 0);
  return { reading, afterMs: sinceAt - begunAt - answeredMs };
}

async function begin(page: Page, url: string): Promise<number> {
  // From here on its requests are known.
  activityOf(page);
  const begunAt = performance.now();
  await goTo(page, url);
  return begunAt;
}
