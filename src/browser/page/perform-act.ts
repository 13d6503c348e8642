import type { Page } from 'playwright-core';
import type { ActOutcome } from '../../contract/index.ts';
import { isSetType } from '../../core/auth/field-answers.ts';
import type { PageAct } from '../login-browser.ts';
import { type FilledForm, lookBeforeSubmit } from './before-submit.ts';
import { clickOnce, elementOf, pageFunction } from './element-of.ts';
import type { PageReading, Target } from './page-reading.ts';
import { readPage } from './read-page.ts';
import { type RequestWatch, watchRequests } from './request-watch.ts';
import { selectIndex, setValue } from './set-value.ts';
import { mayType, type TypeFault, typeIntoBoxes, typeValue } from './type-value.ts';
import { withinTime } from './within-time.ts';

export interface ActOptions {
  /** Whether secrets may be typed on pages of this URL. */
  isAllowed(url: string): boolean;
  signal?: AbortSignal;
  /** How long the site may take to answer what was sent. Default 20000. */
  answerTimeoutMs?: number;
  /** Told once, at the end. */
  onFacts?(facts: ActFacts): void;
}

/** What is known of an act beside its outcome. */
export interface ActFacts {
  /** Something left the page that may carry what was typed. */
  carried: boolean;
  /** That, or any other request after the submit. False: the site has heard nothing. */
  sent: boolean;
  /** Why nothing was sent, where that is known. */
  fault?: ActFault;
  /** Names of what the site requires and nobody has answered. */
  missing?: string[];
}

/** `answer_missing`: the site requires more than was answered. */
export type ActFault = TypeFault | 'answer_missing';

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
  /** Requests until then. */
  requestsBefore?: number;
  /** Targets that hold an answer. */
  filled: Target[];
  fault?: ActFault;
  missing?: string[];
}

const ACT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 8_000;
const STEP_TIMEOUT_MS = 5_000;
const ENABLED_TIMEOUT_MS = 3_000;
const BLUR_AFTER_MS = 700;
const POLL_MS = 80;
/** How long a button is waited for that is drawn once the fields are filled. */
const BUTTON_TIMEOUT_MS = 800;
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
  const acting: Acting = {
    page,
    reading,
    act,
    options,
    watch,
    dispatched: false,
    filled: [],
    mayGoOn: () => true,
  };
  const outcome = await outcomeOf(acting);
  options.onFacts?.(factsOf(acting));
  return outcome;
}

async function outcomeOf(acting: Acting): Promise<ActOutcome> {
  const { options, watch } = acting;
  const went = await withinTime(ACT_TIMEOUT_MS, (isOver) => {
    acting.mayGoOn = () => !isOver() && !options.signal?.aborted;
    return carryOut(acting);
  });
  if (went !== true) return acting.dispatched || watch.sent() ? 'unknown' : 'not_sent';
  const answered = await watch.answered(options.answerTimeoutMs ?? 20_000, options.signal);
  return answered && !watch.broken() ? 'done' : 'unknown';
}

function factsOf({ watch, requestsBefore, fault, missing }: Acting): ActFacts {
  const carried = watch.sent();
  const sent = carried || (requestsBefore !== undefined && watch.requests() > requestsBefore);
  return { carried, sent, ...(fault && { fault }), ...(missing && { missing }) };
}

/** Notes that the next step may send something. */
function dispatch(acting: Acting): void {
  acting.dispatched = true;
  acting.requestsBefore ??= acting.watch.requests();
}

async function carryOut(acting: Acting): Promise<boolean> {
  const { act, reading } = acting;
  if (!knowsAll(reading, act)) return false;
  for (const value of inPageOrder(reading, act.fill)) {
    if (!acting.mayGoOn() || !(await fillField(acting, value))) return false;
  }
  if (act.choiceId !== undefined) return choose(acting, act.choiceId);
  if (!act.submit) return true;
  if (await submittedItself(acting)) return true;
  const form = await completeForm(acting);
  return form !== undefined && submit(acting, form.submit, lastFieldOf(acting));
}

/** As a person goes through a form: a select may draw anew what stands below it. */
function inPageOrder({ fields }: PageReading, fill: PageAct['fill']): PageAct['fill'] {
  const placeOf = ({ fieldId }: PageAct['fill'][number]) => fields.findIndex(({ id }) => id === fieldId);
  return fill.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/**
 * The form right before it is sent; undefined where it must not be: something that it requires has no answer. What a page has
 * emptied while it came to life is typed once more.
 */
async function completeForm(acting: Acting): Promise<FilledForm | undefined> {
  const look = () => lookBeforeSubmit(acting.page, acting.reading, acting.filled);
  let form = await look();
  if (form.emptied.length > 0) {
    for (const value of acting.act.fill.filter((filled) => isEmptied(acting, filled, form))) {
      if (!acting.mayGoOn() || !(await fillField(acting, value))) return undefined;
    }
    form = await look();
    if (acting.act.fill.some((filled) => isEmptied(acting, filled, form)))
      return refuse(acting, 'not_entered');
  }
  if (form.missing.length > 0 && !acting.watch.submitted()) {
    acting.missing = form.missing.map(({ label, name, placeholder }) => label || placeholder || name);
    return refuse(acting, 'answer_missing');
  }
  const until = Date.now() + BUTTON_TIMEOUT_MS;
  while (form.submit === undefined && Date.now() < until && !acting.watch.submitted()) {
    await pause();
    form = await look();
  }
  return form;
}

function refuse(acting: Acting, fault: ActFault): undefined {
  acting.fault = fault;
}

function isEmptied({ reading }: Acting, { fieldId, value }: Filled, { emptied }: FilledForm): boolean {
  const targets = reading.targets.fields.get(fieldId) ?? [];
  // The boxes of a code are emptied by sites that keep it elsewhere.
  return value !== '' && targets.length === 1 && targets.some((target) => emptied.includes(target));
}

function knowsAll({ targets }: PageReading, { fill, choiceId }: PageAct): boolean {
  if (choiceId !== undefined && !targets.choices.has(choiceId)) return false;
  return fill.every(({ fieldId }) => targets.fields.has(fieldId));
}

type Filled = PageAct['fill'][number];

async function fillField(acting: Acting, filled: Filled): Promise<boolean> {
  const targets = acting.reading.targets.fields.get(filled.fieldId) ?? [];
  const fault = targets.length === 0 ? 'not_entered' : await enter(acting, filled, targets);
  if (fault !== undefined) {
    acting.fault = fault;
    return false;
  }
  acting.filled.push(...targets.filter((target) => !acting.filled.includes(target)));
  return true;
}

async function enter(
  acting: Acting,
  { fieldId, value, mayBeTypedOn }: Filled,
  targets: Target[],
): Promise<TypeFault | undefined> {
  const { page, reading } = acting;
  const mayBeTyped = (url: string) => acting.options.isAllowed(url) && (mayBeTypedOn?.(url) ?? true);
  const options = { isAllowed: (url: string) => acting.mayGoOn() && mayBeTyped(url) };
  const field = reading.fields.find(({ id }) => id === fieldId);
  const isIn = (done: boolean) => (done ? undefined : 'not_entered');
  // Characters of a password may be asked for by lists of letters.
  const isList = targets.every(({ control }) => control.kind === 'select');
  const type = isList ? 'select' : field?.type;
  if (isSetType(type)) {
    const may = () => targets.every((target) => mayType(page, target, options));
    return isIn(await setValue(type, targets, value, may));
  }
  if (field?.ref === 'code' && targets.length > 1) {
    const beforeLast = () => dispatch(acting);
    return isIn(await typeIntoBoxes(page, targets, value, { ...options, beforeLast }));
  }
  for (const target of targets) {
    const fault = await typeValue(page, target, value, options);
    if (fault !== undefined) return fault;
  }
  return undefined;
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
    await element.evaluate(selectIndex(target.option ?? 0));
  } else {
    if (target.control.kind !== 'radio') dispatch(acting);
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
  dispatch(acting);
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
  dispatch(acting);
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
