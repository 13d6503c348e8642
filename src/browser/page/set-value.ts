import type { ElementHandle } from 'playwright-core';
import { optionOf, type SetType } from '../../core/fields/field-answers.ts';
import { clickOnce, elementOf, pageFunction } from './element-of.ts';
import { optionsOf } from './field-options.ts';
import type { Target } from './page-reading.ts';
import { withinTime } from './within-time.ts';

const STEP_TIMEOUT_MS = 5_000;

/**
 * Chooses an option, ticks or clears a box, or enters a date, as the browser's own controls do: the page gets the events that
 * a person's choice causes. `mayGoOn` is asked right before. False when the field does not hold the value afterwards.
 */
export async function setValue(
  type: SetType,
  targets: readonly Target[],
  value: string,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const done = await withinTime(STEP_TIMEOUT_MS * 2, async (isOver) => {
    const may = () => !isOver() && mayGoOn();
    if (type === 'select') return choose(targets, value, may);
    const element = targets[0] && (await elementOf(targets[0]));
    if (element === undefined || !may()) return false;
    return type === 'checkbox' ? tick(element, value === 'true') : enterDate(element, value);
  });
  return done === true;
}

async function choose(targets: readonly Target[], value: string, mayGoOn: () => boolean): Promise<boolean> {
  const controls = targets.map(({ control }) => control);
  const wanted = optionOf(optionsOf({ kind: 'select', controls }) ?? [], value);
  const target = targets.find(({ control }) => control === wanted?.control);
  const element = target && (await elementOf(target));
  if (wanted === undefined || element === undefined || !mayGoOn()) return false;
  if (wanted.control.kind === 'radio') return tick(element, true);
  return element.evaluate(selectIndex(wanted.index));
}

/** Clicks where that changes something: a click is what such controls listen to. */
async function tick(element: ElementHandle, wanted: boolean): Promise<boolean> {
  if ((await element.evaluate(IS_CHECKED)) === wanted) return true;
  await clickOnce(element);
  return (await element.evaluate(IS_CHECKED)) === wanted;
}

/** By the property itself: what is typed into a date field depends on the language of the browser. */
async function enterDate(element: ElementHandle, value: string): Promise<boolean> {
  await element.evaluate(FOCUS);
  return element.evaluate(ENTER, value);
}

const IS_CHECKED = pageFunction<boolean>('element.checked === true');
const FOCUS = pageFunction<void>('element.focus({ preventScroll: true })');
const TELL =
  "for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));";

/** As a person's choice: the page is told by both events, and asked afterwards what it has made of it. */
export function selectIndex(index: number): (element: unknown) => boolean {
  return pageFunction(
    `(() => { element.focus({ preventScroll: true }); element.selectedIndex = ${index}; ${TELL} return element.selectedIndex === ${index}; })()`,
  );
}

// The prototype's setter: libraries that draw the page put one of their own on the element, which takes no note.
const ENTER = new Function(
  'element',
  'value',
  `Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(element, value); ${TELL} return element.value === value;`,
) as (element: unknown, value: string) => boolean;
