import type { Frame, Page } from 'playwright-core';
import type { BrowserState } from '../login-browser.ts';

export type SessionStorage = BrowserState['sessionStorage'];

const READ_TIMEOUT_MS = 2_000;

/** Session storage of every origin that a page shows in some frame now. */
export async function readSessionStorage(page: Page): Promise<SessionStorage> {
  const found = await Promise.all(page.frames().map((frame) => within(READ_TIMEOUT_MS, itemsOf(frame))));
  return Object.fromEntries(
    found.flatMap((entry) =>
      entry !== undefined && Object.keys(entry.items).length > 0 ? [[entry.origin, entry.items]] : [],
    ),
  );
}

/**
 * Writes saved session storage into a new page: each origin is visited once, answered with an empty document and not by the
 * network. An init script would also restore, at each navigation, what the site itself has removed since.
 */
export async function writeSessionStorage(page: Page, storage: SessionStorage): Promise<void> {
  const entries = Object.entries(storage).filter(([origin]) => /^https?:\/\//.test(origin));
  if (entries.length === 0) return;
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  for (const [origin, items] of entries) {
    await page.goto(origin);
    await page.evaluate((values) => {
      for (const [key, value] of Object.entries(values)) sessionStorage.setItem(key, value);
    }, items);
  }
  await page.unrouteAll();
}

/** Undefined where a frame has none: sandboxed, of an opaque origin, or detached. */
async function itemsOf(frame: Frame): Promise<{ origin: string; items: Record<string, string> } | undefined> {
  try {
    return await frame.evaluate('({ origin: location.origin, items: { ...sessionStorage } })');
  } catch {
    // The page denies access, or has navigated: there is nothing to save.
    return undefined;
  }
}

/** A frame whose script never yields must not block the others. */
async function within<T>(timeoutMs: number, value: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
