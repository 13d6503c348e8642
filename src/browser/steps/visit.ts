import type { Page } from 'playwright-core';
import type { PageReading } from '../page/page-reading.ts';
import { settle } from '../page/settle.ts';

const NAVIGATION_TIMEOUT_MS = 20_000;

/** Opens a URL and reads what it shows once it has settled. */
export async function visit(page: Page, url: string, signal?: AbortSignal): Promise<PageReading> {
  await page.goto(url, { waitUntil: 'commit', timeout: NAVIGATION_TIMEOUT_MS });
  return settle(page, signal && { signal });
}
