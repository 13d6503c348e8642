import type { LoginContext } from '../context/login-context.ts';
import { settle } from '../page/settle.ts';

/** After so many milliseconds, each later than the one before, the page that waits is opened once more beside itself. */
const LOOKS_AFTER_MS = [5_000, 10_000, 20_000, 60_000];
const NAVIGATION_TIMEOUT_MS = 20_000;

/**
 * For a page that waits until a link in an e-mail is opened, and does not go on by itself when it is: opens its own URL beside it
 * now and then, and goes on with it once that asks for nothing any more. Only a page that was reached by a redirect: another
 * one's URL may be that of the form, and some sites begin the login anew when that is opened.
 */
export function lookAgain(login: LoginContext, signal: AbortSignal): () => Promise<void> {
  let looks = 0;
  let last = performance.now();
  return async () => {
    const waitMs = LOOKS_AFTER_MS[Math.min(looks, LOOKS_AFTER_MS.length - 1)] ?? 0;
    if (!waitsForMail(login) || performance.now() - last < waitMs) return;
    looks += 1;
    const url = login.pages.current().url();
    if (await asksNothing(login, url, signal)) {
      await login.pages.current().goto(url, { waitUntil: 'commit', timeout: NAVIGATION_TIMEOUT_MS });
    }
    last = performance.now();
  };
}

function waitsForMail({ lastReading, loginUrl, entryUrl, pages }: LoginContext): boolean {
  const url = pages.current().url();
  return lastReading?.external?.mfaType === 'email' && url !== loginUrl && url !== entryUrl;
}

/** Whether the URL shows neither a wait nor a form to this context. A site that does not answer now may do so later. */
async function asksNothing({ context }: LoginContext, url: string, signal: AbortSignal): Promise<boolean> {
  const page = await context.newPage();
  try {
    await page.goto(url, { waitUntil: 'commit', timeout: NAVIGATION_TIMEOUT_MS });
    const { external, blocked, purpose, blank } = await settle(page, { signal });
    return external === undefined && blocked === undefined && purpose === 'none' && !blank;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    await page.close();
  }
}
