import type { Page } from 'playwright-core';

/** A window in which nothing has come after so many milliseconds is no place to sign in, until something does. */
const EMPTY_AFTER_MS = 5_000;
const EMPTY_URL = 'about:blank';
/** Nothing was loaded, and nothing was written into it by the page that opened it. */
const IS_EMPTY = '!document.body || document.body.childNodes.length === 0';

/** Watches whether a window that a page has opened stays empty. Answers whether it does, as far as is known. */
export function watchEmpty(window: Page): () => boolean {
  let staysEmpty = false;
  const look = async (): Promise<void> => {
    if (window.isClosed() || window.url() !== EMPTY_URL) return;
    // Fails where it navigates or is closed meanwhile: then it is not empty, or no longer asked about.
    const isEmpty = await window.evaluate<boolean>(IS_EMPTY).catch(() => false);
    staysEmpty = isEmpty && window.url() === EMPTY_URL;
  };
  setTimeout(() => void look(), EMPTY_AFTER_MS).unref();
  return () => staysEmpty && window.url() === EMPTY_URL;
}
