import type { ElementHandle } from 'playwright-core';
import { pause } from '../pause.ts';
import { type Acting, dispatch, LOOK_EVERY_MS } from './acting.ts';
import { lookBeforeSubmit } from './before-submit.ts';
import { clickOnce, elementOf, pageFunction } from './element-of.ts';
import type { Target } from './page-reading.ts';
import { withinTime } from './within-time.ts';

const STEP_TIMEOUT_MS = 5_000;
const ENABLED_TIMEOUT_MS = 3_000;
const BLUR_AFTER_MS = 700;
/** A page that draws its button anew is without one for less than this. */
const GONE_AFTER_MS = 400;
/** How long a code's boxes, and a code's single field, are given to submit by themselves. */
const AUTO_SUBMIT_MS = { boxes: 1_200, field: 500 };

/** Whether the page sent a code away by itself once it was complete. */
export async function submittedItself({ reading, act, watch, page }: Acting): Promise<boolean> {
  const code = reading.fields.find(
    ({ id, ref }) => ref === 'code' && act.fill.some(({ fieldId }) => fieldId === id),
  );
  if (code === undefined) return watch.submitted();
  const boxes = (reading.targets.fields.get(code.id)?.length ?? 1) > 1;
  const deadline = Date.now() + (boxes ? AUTO_SUBMIT_MS.boxes : AUTO_SUBMIT_MS.field);
  while (Date.now() < deadline && !watch.submitted() && !page.isClosed()) await pause(LOOK_EVERY_MS);
  return watch.submitted();
}

/** Submits by the button once it is enabled, else by Enter in the last field. */
export async function submit(
  acting: Acting,
  button: Target | undefined,
  last: Target | undefined,
): Promise<boolean> {
  if (button === undefined) return pressEnter(acting, last);
  const element = (await enabled(acting, button)) ?? (await otherButton(acting, button));
  if (acting.watch.submitted()) return true;
  if (element === undefined || !acting.mayGoOn()) return false;
  dispatch(acting);
  return clickOnce(element);
}

/** The button that a page has drawn in the place of the one that it had when it was read. */
async function otherButton(acting: Acting, button: Target): Promise<ElementHandle | undefined> {
  if (acting.watch.submitted()) return undefined;
  const { submit: now } = await lookBeforeSubmit(acting.page, button, acting.filled);
  const isOther = now !== undefined && now.control.path.join() !== button.control.path.join();
  return isOther ? enabled(acting, now) : undefined;
}

/** The button as soon as it is enabled; undefined where it is not in time, or is gone, or the page has sent itself. */
async function enabled({ page, watch }: Acting, button: Target): Promise<ElementHandle | undefined> {
  const began = Date.now();
  let blurred = false;
  let seenAt = began;
  while (Date.now() - began < ENABLED_TIMEOUT_MS && !watch.submitted()) {
    const element = await elementOf(button);
    if (element !== undefined) seenAt = Date.now();
    else if (Date.now() - seenAt > GONE_AFTER_MS) return undefined;
    if (element && (await withinTime(STEP_TIMEOUT_MS, () => element.evaluate(IS_ENABLED))) === true)
      return element;
    if (!blurred && Date.now() - began > BLUR_AFTER_MS) {
      blurred = true;
      // Forms that look at their fields on `change` do so when the field is left.
      await page.keyboard.press('Tab');
    }
    await pause(LOOK_EVERY_MS);
  }
  return undefined;
}

const IS_ENABLED = pageFunction<boolean>("!element.matches(':disabled, [aria-disabled=true]')");
const FOCUS = pageFunction<void>('element.focus()');

async function pressEnter(acting: Acting, last: Target | undefined): Promise<boolean> {
  const element = last && (await elementOf(last));
  if (element === undefined || !acting.mayGoOn()) return false;
  await element.evaluate(FOCUS);
  if (acting.watch.submitted()) return true;
  if (!acting.mayGoOn()) return false;
  dispatch(acting);
  await acting.page.keyboard.press('Enter');
  return true;
}

/** The field that was typed into last, else the form's last one. */
export function lastFieldOf({ reading, filled }: Acting): Target | undefined {
  const id = reading.fields.at(-1)?.id;
  return (
    filled.findLast(({ control }) => control.kind === 'input') ??
    (id === undefined ? undefined : reading.targets.fields.get(id)?.at(-1))
  );
}
