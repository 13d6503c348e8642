import type { Page } from 'playwright-core';
import type { ActOutcome } from '../../contract/index.ts';
import type { PageAct } from '../login-browser.ts';
import { clickOnce, elementOf, pageFunction } from './element-of.ts';
import type { PageReading, Target } from './page-reading.ts';
import { readPage } from './read-page.ts';
import { type RequestWatch, watchRequests } from './request-watch.ts';
import { typeIntoBoxes, typeValue } from './type-value.ts';
import { withinTime } from './within-time.ts';

export interface ActOptions {
  /** Whether secrets may be typed on pages of this URL. */
  isAllowed(url: string): boolean;
  signal?: AbortSignal;
  /** How long the site may take to answer what was sent. Default 20000. */
  answerTimeoutMs?: number;
}

interface Acting {
  page: Page;
  reading: PageReading;
  act: PageAct;
  options: ActOptions;
  watch: RequestWatch;
  /** Neither aborted nor out of time; asked right before everything that cannot be taken back. */
  mayGoOn(): boolean;
  /** From here on the site may have got something. */
  dispatched: boolean;
}

const ACT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 8_000;
const STEP_TIMEOUT_MS = 5_000;
const ENABLED_TIMEOUT_MS = 3_000;
const BLUR_AFTER_MS = 700;
const POLL_MS = 80;
/** How long a code's boxes, and a code's single field, are given to submit by themselves. */
const AUTO_SUBMIT_MS = { boxes: 1_200, field: 500 };

/**
 * Fills, chooses and submits, once. `not_sent`: the page was another one, or something was missing before anything was
 * sent. `unknown`: something was sent or may have been, and no answer came. Never throws; nothing of Playwright's errors
 * leaves it. The page has not settled when it returns.
 */
export async function performAct(page: Page, act: PageAct, options: ActOptions): Promise<ActOutcome> {
  const reading = await withinTime(READ_TIMEOUT_MS, () => readPage(page));
  if (reading === undefined || reading.fingerprint !== act.fingerprint) return 'not_sent';
  using watch = watchRequests(page);
  const acting: Acting = { page, reading, act, options, watch, dispatched: false, mayGoOn: () => true };
  const went = await withinTime(ACT_TIMEOUT_MS, (isOver) => {
    acting.mayGoOn = () => !isOver() && !options.signal?.aborted;
    return carryOut(acting);
  });
  if (went !== true) return acting.dispatched || watch.sent() ? 'unknown' : 'not_sent';
  const answered = await watch.answered(options.answerTimeoutMs ?? 20_000, options.signal);
  return answered && !watch.broken() ? 'done' : 'unknown';
}

async function carryOut(acting: Acting): Promise<boolean> {
  const { act, reading } = acting;
  if (!knowsAll(reading, act)) return false;
  for (const value of act.fill) {
    if (!acting.mayGoOn() || !(await fillField(acting, value))) return false;
  }
  if (act.choiceId !== undefined) return choose(acting, act.choiceId);
  if (!act.submit) return true;
  if (await submittedItself(acting)) return true;
  return submit(acting, reading.targets.submit, lastFieldOf(acting));
}

function knowsAll({ targets }: PageReading, { fill, choiceId }: PageAct): boolean {
  if (choiceId !== undefined && !targets.choices.has(choiceId)) return false;
  return fill.every(({ fieldId }) => targets.fields.has(fieldId));
}

async function fillField(acting: Acting, filled: PageAct['fill'][number]): Promise<boolean> {
  const { page } = acting;
  const { fieldId, value } = filled;
  const mayType = (url: string) => acting.options.isAllowed(url) && (filled.mayBeTypedOn?.(url) ?? true);
  const options = { isAllowed: (url: string) => acting.mayGoOn() && mayType(url) };
  const targets = acting.reading.targets.fields.get(fieldId) ?? [];
  const isCode = acting.reading.fields.find(({ id }) => id === fieldId)?.ref === 'code';
  if (isCode && targets.length > 1) {
    const beforeLast = () => {
      acting.dispatched = true;
    };
    return typeIntoBoxes(page, targets, value, { ...options, beforeLast });
  }
  for (const target of targets) {
    if (!(await typeValue(page, target, value, options))) return false;
  }
  return targets.length > 0;
}

/** Whether the page sent a code away by itself once it was complete. */
async function submittedItself({ reading, act, watch, page }: Acting): Promise<boolean> {
  const code = reading.fields.find(
    ({ id, ref }) => ref === 'code' && act.fill.some(({ fieldId }) => fieldId === id),
  );
  if (code === undefined) return watch.submitted();
  const boxes = (reading.targets.fields.get(code.id)?.length ?? 1) > 1;
  const deadline = Date.now() + (boxes ? AUTO_SUBMIT_MS.boxes : AUTO_SUBMIT_MS.field);
  while (Date.now() < deadline && !watch.submitted() && !page.isClosed()) await pause();
  return watch.submitted();
}

async function choose(acting: Acting, choiceId: string): Promise<boolean> {
  const target = acting.reading.targets.choices.get(choiceId);
  const element = target && (await elementOf(target));
  if (target === undefined || element === undefined || !acting.mayGoOn()) return false;
  if (target.control.kind === 'select') {
    await element.evaluate(
      pageFunction(
        `(element.selectedIndex = ${target.option ?? 0}, element.dispatchEvent(new Event('input', { bubbles: true })), element.dispatchEvent(new Event('change', { bubbles: true })))`,
      ),
    );
  } else {
    if (target.control.kind !== 'radio') acting.dispatched = true;
    if (!(await clickOnce(element))) return false;
    if (target.control.kind !== 'radio') return true;
  }
  if (acting.watch.submitted()) return true;
  return submit(acting, target.submit, target);
}

/** Submits by the button once it is enabled, else by Enter in the last field. */
async function submit(
  acting: Acting,
  button: Target | undefined,
  last: Target | undefined,
): Promise<boolean> {
  const { page } = acting;
  if (button === undefined) return pressEnter(acting, last);
  const element = await elementOf(button);
  if (element === undefined || !(await becomesEnabled(page, button))) return acting.watch.submitted();
  if (acting.watch.submitted()) return true;
  if (!acting.mayGoOn()) return false;
  acting.dispatched = true;
  return clickOnce(element);
}

async function becomesEnabled(page: Page, button: Target): Promise<boolean> {
  const began = Date.now();
  let blurred = false;
  while (Date.now() - began < ENABLED_TIMEOUT_MS) {
    const element = await elementOf(button);
    const enabled = element && (await withinTime(STEP_TIMEOUT_MS, () => element.evaluate(IS_ENABLED)));
    if (enabled === true) return true;
    if (!blurred && Date.now() - began > BLUR_AFTER_MS) {
      blurred = true;
      // Forms that look at their fields on `change` do so when the field is left.
      await page.keyboard.press('Tab');
    }
    await pause();
  }
  return false;
}

const IS_ENABLED = pageFunction<boolean>("!element.matches(':disabled, [aria-disabled=true]')");
const FOCUS = pageFunction<void>('element.focus()');

async function pressEnter(acting: Acting, last: Target | undefined): Promise<boolean> {
  const element = last && (await elementOf(last));
  if (element === undefined || !acting.mayGoOn()) return false;
  await element.evaluate(FOCUS);
  if (acting.watch.submitted()) return true;
  if (!acting.mayGoOn()) return false;
  acting.dispatched = true;
  await acting.page.keyboard.press('Enter');
  return true;
}

/** The field that was filled last, else the form's last one. */
function lastFieldOf({ reading, act }: Acting): Target | undefined {
  const id = act.fill.at(-1)?.fieldId ?? reading.fields.at(-1)?.id;
  return id === undefined ? undefined : reading.targets.fields.get(id)?.at(-1);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
