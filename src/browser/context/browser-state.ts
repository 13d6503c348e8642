import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import type { BrowserState, HttpCredential } from '../login-browser.ts';

/** How a browser presents itself. Sites bind a login to it, so a profile keeps the one of its first login. */
export type Appearance = Pick<BrowserState, 'userAgent' | 'locale' | 'viewport'>;

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** The appearance of a profile's first login: this Chromium as if it were not headless. */
export function firstAppearance(browser: Browser): Appearance {
  const major = browser.version().split('.')[0];
  return {
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
  };
}

/** Opens a context that looks as `appearance` says and holds what `storage` and `httpAuth` hold, empty by default. */
export async function newContext(
  browser: Browser,
  appearance: Appearance,
  storage?: unknown,
  httpAuth: readonly HttpCredential[] = [],
): Promise<BrowserContext> {
  const { userAgent, locale, viewport } = appearance;
  const context = await browser.newContext({
    userAgent,
    locale,
    viewport,
    acceptDownloads: false,
    // A service worker's cache would answer for the site in the login's context and not in the empty one it is compared with.
    serviceWorkers: 'block',
    ...(httpAuth.length > 0 && { httpCredentials: [...httpAuth] }),
    ...(storage === undefined ? {} : { storageState: storage as StorageState }),
  });
  // An empty list denies what a page may ask for: location, notifications, camera.
  await context.grantPermissions([]);
  return context;
}

/** Cookies, local storage and IndexedDB; without IndexedDB where a site keeps something in it that cannot be serialized. */
export async function storageOf(context: BrowserContext): Promise<unknown> {
  try {
    return await context.storageState({ indexedDB: true });
  } catch {
    // For example a CryptoKey that is not extractable. Cookies and local storage are saved all the same.
    return await context.storageState();
  }
}
