import type { Page } from 'playwright-core';
import { type Flow, noteSessionStorage } from '../flow/flow.ts';
import type { PageReading } from '../page/page-reading.ts';
import { settle } from '../page/settle.ts';

/** Most popups that may open and close while a page settles. */
const PAGES_AT_MOST = 6;

/**
 * Reads the flow's page once it has settled. A popup that opens meanwhile is read instead, and the page behind one that
 * closes.
 */
export async function readSettled(flow: Flow, signal?: AbortSignal): Promise<PageReading> {
  for (let turn = 0; ; turn += 1) {
    const page = flow.pages.current();
    const reading = await settledOrGone(page, turn < PAGES_AT_MOST, signal);
    if (reading === undefined || (page !== flow.pages.current() && turn < PAGES_AT_MOST)) continue;
    await leaveQuiet(flow);
    return reading;
  }
}

/** Undefined where the page was closed meanwhile, as popups are, and another one may be read. */
async function settledOrGone(
  page: Page,
  mayTurn: boolean,
  signal?: AbortSignal,
): Promise<PageReading | undefined> {
  try {
    return await settle(page, signal && { signal });
  } catch (error) {
    if (!mayTurn || !page.isClosed() || page.context().pages().length === 0) throw error;
    return undefined;
  }
}

/** After a page was read: its session storage is noted, and its caret no longer blinks, which is most of what an idle page costs. */
export async function leaveQuiet(flow: Flow): Promise<void> {
  await noteSessionStorage(flow);
  const frames = flow.pages.current().frames();
  // A frame that has gone has no caret.
  await Promise.allSettled(frames.map((frame) => frame.evaluate('void document.activeElement?.blur?.()')));
}
