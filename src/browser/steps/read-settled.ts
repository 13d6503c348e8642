import type { Page } from 'playwright-core';
import { type LoginContext, noteSessionStorage } from '../context/login-context.ts';
import { type Settled, type SettleOptions, settled } from '../page/settle.ts';

/** Most popups that may open and close while a page settles. */
const PAGES_AT_MOST = 6;

/**
 * Reads the login's current page once it has settled. Where a popup opens or closes meanwhile, the page that is current then
 * is read.
 */
export async function readSettled(login: LoginContext, options: SettleOptions = {}): Promise<Settled> {
  for (let turn = 0; ; turn += 1) {
    const page = login.pages.current();
    const found = await settledOrGone(page, turn < PAGES_AT_MOST, options);
    if (found === undefined || (page !== login.pages.current() && turn < PAGES_AT_MOST)) continue;
    await leaveQuiet(login);
    return found;
  }
}

/** Undefined where the page was closed meanwhile and another one may be read. */
async function settledOrGone(
  page: Page,
  mayTurn: boolean,
  options: SettleOptions,
): Promise<Settled | undefined> {
  try {
    return await settled(page, options);
  } catch (error) {
    if (!mayTurn || !page.isClosed() || page.context().pages().length === 0) throw error;
    return undefined;
  }
}

/** After a page was read: copies its session storage, and takes away the focus, since a blinking caret is most of an idle page's work. */
export async function leaveQuiet(login: LoginContext): Promise<void> {
  await noteSessionStorage(login);
  const frames = login.pages.current().frames();
  // Fails in a frame that is detached.
  await Promise.allSettled(frames.map((frame) => frame.evaluate('void document.activeElement?.blur?.()')));
}
