import type { Page } from 'playwright-core';
import { clickOnce, elementOf } from './element-of.ts';
import type { PageReading } from './page-reading.ts';
import { watchRequests } from './request-watch.ts';
import { settle } from './settle.ts';

const ANSWER_TIMEOUT_MS = 20_000;

/**
 * Takes the link or button that a reading found to lead to the login, and reads what comes: another page, or a dialog
 * on this one. Undefined where there is none, or it is gone. Throws as {@link settle} does.
 */
export async function followLoginLink(
  page: Page,
  { targets }: PageReading,
  signal?: AbortSignal,
): Promise<PageReading | undefined> {
  const element = targets.loginLink && (await elementOf(targets.loginLink));
  if (element === undefined) return undefined;
  using watch = watchRequests(page);
  if (!(await clickOnce(element))) return undefined;
  await watch.answered(ANSWER_TIMEOUT_MS, signal);
  return settle(page, signal && { signal });
}
