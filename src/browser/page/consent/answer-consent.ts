import type { ElementHandle, Page } from 'playwright-core';
import { pause } from '../../pause.ts';
import { clickOnce, elementOf } from '../element-of.ts';
import type { PageReading } from '../page-reading.ts';
import { readPage } from '../read-page.ts';
import { withinTime } from '../within-time.ts';
import { noteAnswer, notePress } from './consent-log.ts';

const GONE_TIMEOUT_MS = 900;
const LOOK_EVERY_MS = 60;
const STEP_TIMEOUT_MS = 2_000;
/** Notices that may stand behind one another when an act begins. */
const NOTICES_AT_MOST = 4;

/**
 * Presses the button that answers the consent notice of a reading, and waits a moment for the notice to go. False where
 * there is none. How often a button is pressed is bounded by consent-log.ts.
 */
export async function answerConsent(page: Page, { consent }: PageReading): Promise<boolean> {
  if (consent === undefined) return false;
  const { button, label, target } = consent;
  notePress(page, target.control);
  const element = await elementOf(target);
  if (element === undefined || !(await clickOnce(element))) return true;
  if ((await isGoneInTime(page, element)) && button !== 'settings' && button !== 'pay') {
    noteAnswer(page, { answer: button, label });
  }
  return true;
}

/** Reads the page once no consent notice stands before it that can be answered. */
export async function readPastConsent(page: Page): Promise<PageReading> {
  let reading = await readPage(page);
  for (let answered = 0; answered < NOTICES_AT_MOST && (await answerConsent(page, reading)); answered += 1) {
    reading = await readPage(page);
  }
  return reading;
}

async function isGoneInTime(page: Page, element: ElementHandle): Promise<boolean> {
  const until = Date.now() + GONE_TIMEOUT_MS;
  while (Date.now() < until && !page.isClosed()) {
    // Undefined where the document it was in is gone.
    const isShown = await withinTime(STEP_TIMEOUT_MS, () => element.isVisible());
    if (isShown !== true) return true;
    await pause(LOOK_EVERY_MS);
  }
  return page.isClosed();
}
