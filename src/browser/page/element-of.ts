import type { ElementHandle } from 'playwright-core';
import { pause } from '../pause.ts';
import { isCovered } from './covered.ts';
import { pageFunction } from './page-function.ts';
import type { Target } from './page-reading.ts';
import { sameElement } from './same-element.ts';
import { withinTime } from './within-time.ts';

const FIND_TIMEOUT_MS = 2_000;
const CLICK_TIMEOUT_MS = 2_500;
/** What covers an element may be on its way out: it is looked at again after this long. */
const SECOND_LOOK_MS = 150;

/** The element of a target; undefined when it is no longer on the page, or another one stands in its place. */
export async function elementOf({ frame, control }: Target): Promise<ElementHandle | undefined> {
  return withinTime(FIND_TIMEOUT_MS, async () => {
    const handle = await frame.evaluateHandle(sameElement(control));
    return handle.asElement() ?? undefined;
  });
}

/**
 * Whether a click with the mouse would reach the element: it is in view, still, and nothing covers it. That something covers
 * it is looked at here: Playwright would wait for it to go, each time until the time is over.
 */
export async function canBeClicked(element: ElementHandle): Promise<boolean> {
  await withinTime(FIND_TIMEOUT_MS, () => element.evaluate(SCROLL_TO_MIDDLE));
  if (await staysCovered(element)) return false;
  const tried = await withinTime(CLICK_TIMEOUT_MS, async () => {
    await element.click({ trial: true, timeout: CLICK_TIMEOUT_MS - 500 });
    return true;
  });
  return tried === true;
}

async function staysCovered(element: ElementHandle): Promise<boolean> {
  if (!(await isCovered(element))) return false;
  await pause(SECOND_LOOK_MS);
  return isCovered(element);
}

/**
 * Clicks once: with the mouse, or, where a banner covers the element, by the element's own click. False when it cannot
 * be told that the click arrived.
 */
export async function clickOnce(element: ElementHandle): Promise<boolean> {
  const clicked = await withinTime(CLICK_TIMEOUT_MS * 2, async () => {
    if (await canBeClicked(element)) await element.click({ timeout: CLICK_TIMEOUT_MS, noWaitAfter: true });
    else await element.evaluate(CLICK);
    return true;
  });
  return clicked === true;
}

// As text, so that no transpiler changes what runs in the page; the element is the argument.
const SCROLL_TO_MIDDLE = pageFunction(
  "element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })",
);
const CLICK = pageFunction('element.click()');

export { pageFunction };
