import type { ElementHandle, Page } from 'playwright-core';
import { pause } from '../pause.ts';
import { canBeClicked, elementOf, pageFunction } from './element-of.ts';
import type { Target } from './page-reading.ts';
import { ownUrlOf } from './probe-frames.ts';
import { insertInto } from './same-element.ts';
import { withinTime } from './within-time.ts';

const STEP_TIMEOUT_MS = 5_000;

export interface TypeOptions {
  /** Whether secrets may be typed on pages of this URL. */
  isAllowed(url: string): boolean;
}

const FOCUS = pageFunction<void>('element.focus({ preventScroll: true })');
const SELECT_ALL = pageFunction<void>("typeof element.select === 'function' && element.select()");
const HAS_FOCUS = pageFunction<boolean>(
  '(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at === element; })()',
);

const IS_READ_ONLY = pageFunction<boolean>('element.readOnly === true');

/** Why nothing was typed: the field stays read-only with the focus in it; or anything else. */
export type TypeFault = 'read_only' | 'not_entered';

/** How long a page may take to open a field that has got the focus. */
const OPENS_WITHIN_MS = 600;
const POLL_MS = 50;

/**
 * Types a value into one field, in the place of what was there. Never by Playwright's `fill`, whose errors repeat the
 * value. A fault when nothing was typed: the field is gone, or not on an allowed origin, or does not take the focus, or stays
 * read-only.
 */
export async function typeValue(
  page: Page,
  target: Target,
  value: string,
  options: TypeOptions,
): Promise<TypeFault | undefined> {
  const typed = await withinTime(STEP_TIMEOUT_MS * 2, async (isOver) => {
    const element = await focused(target);
    if (element === undefined) return 'not_entered';
    if (!(await isWritable(element))) return 'read_only';
    await element.evaluate(SELECT_ALL);
    if (!(await element.evaluate(HAS_FOCUS)) || isOver() || !mayType(page, target, options))
      return 'not_entered';
    await insertInto(element, value);
    // Some sites look at the field on `keyup` only, which inserted text does not cause.
    await page.keyboard.press('End');
    return 'typed';
  });
  return typed === 'typed' ? undefined : (typed ?? 'not_entered');
}

/** Whether the field can be written in: some are read-only until a moment after they have got the focus. */
async function isWritable(element: ElementHandle): Promise<boolean> {
  const until = Date.now() + OPENS_WITHIN_MS;
  while (await element.evaluate(IS_READ_ONLY)) {
    if (Date.now() >= until) return false;
    await pause(POLL_MS);
  }
  return true;
}

/**
 * Types one character into each box, fast, as sites move the focus themselves and submit after the last one.
 * `beforeLast` is called when the next character may submit. False when a box could not be typed into.
 */
export async function typeIntoBoxes(
  page: Page,
  targets: readonly Target[],
  value: string,
  options: TypeOptions & { beforeLast(): void },
): Promise<boolean> {
  const characters = [...value.replaceAll(/[\s-]/g, '')].slice(0, targets.length);
  const typed = await withinTime(STEP_TIMEOUT_MS * 3, async (isOver) => {
    for (const [index, character] of characters.entries()) {
      const target = targets[index];
      if (target === undefined || !(await readyBox(target))) return false;
      if (isOver() || !mayType(page, target, options)) return false;
      if (index === characters.length - 1) options.beforeLast();
      await page.keyboard.type(character);
    }
    return true;
  });
  return typed === true;
}

/** Puts the focus into a box where the site has not done so; false where that fails. */
async function readyBox(target: Target): Promise<boolean> {
  const element = await elementOf(target);
  if (element === undefined) return false;
  if (!(await element.evaluate(HAS_FOCUS))) await element.evaluate(FOCUS);
  await element.evaluate(SELECT_ALL);
  return element.evaluate(HAS_FOCUS);
}

/** Puts the focus into a field, by a click where that is possible. */
async function focused(target: Target): Promise<ElementHandle | undefined> {
  const element = await elementOf(target);
  if (element === undefined) return undefined;
  if (await canBeClicked(element)) await withinTime(STEP_TIMEOUT_MS, () => element.click({ timeout: 2_000 }));
  if (!(await element.evaluate(HAS_FOCUS))) await element.evaluate(FOCUS);
  return element;
}

/** Asked right before typing: the frame may have gone elsewhere since the page was read. */
export function mayType(page: Page, { frame }: Target, { isAllowed }: TypeOptions): boolean {
  return !frame.isDetached() && isAllowed(ownUrlOf(frame)) && isAllowed(page.url());
}
