import type { Browser } from 'playwright-core';
import { pause } from '../pause.ts';
import { codeOf } from '../sealed.ts';
import type { Chromium } from './chromium.ts';

/** How long the news of a browser's death may take after its contexts have died. */
const NEWS_MS = 1_000;

/** Runs with the browser; once more, with the next one, where it turns out to have died before. */
export async function withBrowser<T>(chromium: Chromium, run: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.running();
  try {
    return await run(browser);
  } catch (error) {
    if (codeOf(error) !== 'context_gone' || !(await hasDied(browser))) throw error;
    return run(await chromium.running());
  }
}

async function hasDied(browser: Browser): Promise<boolean> {
  if (!browser.isConnected()) return true;
  const news = Promise.withResolvers<void>();
  browser.once('disconnected', () => news.resolve());
  await Promise.race([news.promise, pause(NEWS_MS)]);
  return !browser.isConnected();
}
