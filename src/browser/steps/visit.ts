import type { Page } from 'playwright-core';
import { goTo } from '../http-auth/challenge.ts';
import type { PageReading } from '../page/page-reading.ts';
import { settle } from '../page/settle.ts';

/** Opens a URL and reads what it shows once it has settled. */
export async function visit(page: Page, url: string, signal?: AbortSignal): Promise<PageReading> {
  await goTo(page, url);
  return settle(page, signal && { signal });
}

/** As {@link visit}, for the page that a login begins with: one that is still loading is waited for once more. */
export async function visitEntry(page: Page, url: string, signal?: AbortSignal): Promise<PageReading> {
  const reading = await visit(page, url, signal);
  const isLoading = reading.purpose === 'none' && (reading.blank || reading.busy);
  return isLoading ? settle(page, signal && { signal }) : reading;
}
