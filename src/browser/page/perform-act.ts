import type { ElementHandle, Page } from 'playwright-core';
import type { ActOutcome } from '../../contract/index.ts';
import type { PageAct } from '../login-browser.ts';
import { type ActFacts, type Acting, type ActOptions, dispatch } from './acting.ts';
import { completeForm } from './complete-form.ts';
import { readPastConsent } from './consent/answer-consent.ts';
import { clickOnce, elementOf } from './element-of.ts';
import { fillField, inPageOrder } from './fill-fields.ts';
import type { ChoiceTarget, PageReading } from './page-reading.ts';
import { watchRequests } from './request-watch.ts';
import { lastFieldOf, submit, submittedItself } from './send-form.ts';
import { selectIndex } from './set-value.ts';
import { withinTime } from './within-time.ts';

const ACT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 8_000;

/**
 * Fills, chooses and submits, once. `not_sent`: the page was another one, or something was missing before anything was
 * sent. `unknown`: something was sent or may have been, and no answer came. Never throws; nothing of Playwright's errors
 * leaves it. The page has not settled when it returns.
 */
export async function performAct(page: Page, act: PageAct, options: ActOptions): Promise<ActOutcome> {
  const reading = await withinTime(READ_TIMEOUT_MS, () => readPastConsent(page));
  if (reading === undefined || reading.fingerprint !== act.fingerprint) {
    options.onFacts?.({ carried: false, sent: false });
    return 'not_sent';
  }
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

async function carryOut(acting: Acting): Promise<boolean> {
  const { act, reading } = acting;
  if (!knowsAll(reading, act)) return false;
  for (const value of inPageOrder(reading, act.fill)) {
    if (!acting.mayGoOn() || !(await fillField(acting, value))) return false;
  }
  if (act.choiceId !== undefined) return choose(acting, act.choiceId);
  if (!act.submit) return true;
  if (await submittedItself(acting)) return true;
  const form = await completeForm(acting, reading.targets.submit);
  return form !== undefined && submit(acting, form.submit, lastFieldOf(acting));
}

function knowsAll({ targets }: PageReading, { fill, choiceId }: PageAct): boolean {
  if (choiceId !== undefined && !targets.choices.has(choiceId)) return false;
  return fill.every(({ fieldId }) => targets.fields.has(fieldId));
}

async function choose(acting: Acting, choiceId: string): Promise<boolean> {
  const target = acting.reading.targets.choices.get(choiceId);
  const element = target && (await elementOf(target));
  if (target === undefined || element === undefined || !acting.mayGoOn()) return false;
  if (!isSet(target)) {
    dispatch(acting);
    return clickOnce(element);
  }
  if (!(await set(element, target))) return false;
  if (acting.watch.submitted()) return true;
  acting.filled.push(target);
  const form = await completeForm(acting, target.submit);
  return form !== undefined && submit(acting, form.submit, target);
}

/** Such a choice is set first, and then sent. */
function isSet({ control }: ChoiceTarget): boolean {
  return control.kind === 'select' || control.kind === 'radio';
}

async function set(element: ElementHandle, { control, option = 0 }: ChoiceTarget): Promise<boolean> {
  return control.kind === 'select' ? element.evaluate(selectIndex(option)) : clickOnce(element);
}
