import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  log,
  sleep,
} from '@temporalio/workflow';
import type { PageView } from '../../contract/index.ts';
import type { FlowEnd } from '../../core/auth/connection-facts.ts';
import { CANCELED, endOf, hasEnded } from '../../core/auth/flow-state.ts';
import { learntOf } from '../../core/auth/learning.ts';
import { planFor } from '../../core/auth/login-plan.ts';
import { NOTICES } from '../../core/auth/notices.ts';
import type { AnswerablePage } from '../../core/auth/question.ts';
import { toFlowView } from '../../core/auth/vendor-view.ts';
import { admitStart } from '../sealed-run.ts';
import { BrowserLost, enter, type Flow, FlowFailure, type FlowStart, guardPage, openFlow } from './flow.ts';
import { actOnAnswer, actOnPlan } from './flow-acts.ts';
import { handleFlowMessages } from './flow-handlers.ts';
import { FLOW_MESSAGES } from './flow-messages.ts';
import { openPage } from './flow-pages.ts';
import { keepRemarks } from './flow-remarks.ts';
import { noteDecided, noteLost, noteSeen, stepsToRecord } from './flow-steps.ts';
import { awaitAnswer, awaitElsewhere } from './flow-waits.ts';
import { describeConnection, forgetSecrets, recordFlow } from './proxies.ts';
import { noteReturn } from './sign-in-elsewhere.ts';

/** Most acts of one login. */
const MAX_ACTS = 40;
/** Most times that a form may come back after it was submitted. */
const MAX_REJECTIONS = 10;
/** How often a lost browser is replaced. */
const MAX_RESTARTS = 20;

/** One login attempt: from the site's login page until it has logged in, or has not. */
export async function authFlow(start: FlowStart): Promise<FlowEnd> {
  admitStart(start, 'flowId');
  const flow = openFlow(start);
  const work = new CancellationScope();
  handleFlowMessages(flow, () => work.cancel());
  const recorder = recordViews(flow);

  await work.run(() => withinDeadline(flow, work, () => logIn(flow))).catch((error) => end(flow, error));

  await CancellationScope.nonCancellable(async () => {
    flow.ending = true;
    await recorder;
    await flow.browser?.close();
    await forgetSecrets({ flowId: flow.flowId });
    await condition(allHandlersFinished);
  });
  return endOf(flow.state);
}

/** Has the newest view stored whenever there is a new revision; revisions in between may be skipped. Returns once the end is stored. */
async function recordViews(flow: Flow): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    const { connectionId, startedBy } = flow;
    for (let done = false; !done; ) {
      await condition(() => flow.state.revision > flow.recorded);
      const { state } = flow;
      done = hasEnded(state);
      const view = toFlowView(state);
      const steps = stepsToRecord(flow.steps, state.phase);
      await recordFlow({ connectionId, view, ...(startedBy !== undefined && { startedBy }), ...steps });
      flow.recorded = state.revision;
    }
  });
}

async function withinDeadline(flow: Flow, work: CancellationScope, run: () => Promise<void>): Promise<void> {
  const beside = new CancellationScope();
  const clock = beside.run(async () => {
    await sleep(Math.max(flow.deadlineAt - Date.now(), 1));
    if (!flow.ending) {
      const code = timeoutCode(flow);
      enter(flow, { type: 'ended', status: 'EXPIRED', code, message: FLOW_MESSAGES[code] });
    }
    work.cancel();
  });
  const background = clock.catch((error) => {
    if (!isCancellation(error)) throw error;
  });
  try {
    await run();
  } finally {
    beside.cancel();
    await background;
  }
}

function timeoutCode({ state }: Flow) {
  const { type } = state.phase;
  if (type === 'awaiting_external') return 'external_action_timeout';
  return type === 'asking' ? 'awaiting_input_timeout' : 'session_expired';
}

/** The login; begins again from its entry whenever the browser is lost. */
async function logIn(flow: Flow): Promise<void> {
  const facts = await describeConnection({ connectionId: flow.connectionId });
  if (facts === null) throw new FlowFailure('flow_failed');
  flow.facts = facts;
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts += 1) {
    try {
      await followPages(flow, await openPage(flow));
      return;
    } catch (error) {
      if (!(error instanceof BrowserLost)) throw error;
      noteLost(flow);
      flow.ending = false;
      flow.state.memory.steps = [];
      flow.notice ??= NOTICES.restarted;
      await flow.browser?.close();
      delete flow.browser;
      delete flow.leftBy;
    }
  }
  throw new FlowFailure('browser_error');
}

/** Page after page: read, decide, act or ask, until the browser is logged in. */
async function followPages(flow: Flow, first: PageView): Promise<void> {
  let before: AnswerablePage | undefined;
  for (let page = first; ; ) {
    keepRemarks(flow, page);
    noteSeen(flow, page);
    if (page.kind === 'logged_in') return await succeed(flow, page);
    guardPage(page);
    const asking = page as AnswerablePage;
    noteReturn(flow, asking);
    const again = !flow.isWithheld && isSameForm(asking, before);
    const rejected = again && !flow.isUnsent;
    delete flow.isWithheld;
    delete flow.isUnsent;
    countPage(flow, asking, rejected);
    const plan = planFor({ ...flow, page: asking, memory: flow.state.memory, again, rejected });
    noteDecided(flow, asking, plan, rejected);
    before = asking;
    if (plan.kind === 'fail') throw new FlowFailure(plan.code, 'FAILED', complaintOf(asking));
    if (plan.kind === 'act') page = await actOnPlan(flow, asking, plan);
    else if (asking.kind === 'external') {
      const next = await awaitElsewhere(flow, asking);
      page = next ?? (await actOnAnswer(flow, asking));
    } else {
      await awaitAnswer(flow, asking, plan, rejected);
      page = await actOnAnswer(flow, asking);
    }
  }
}

function isSameForm(page: AnswerablePage, before: AnswerablePage | undefined): boolean {
  if (page.kind !== 'form' || page.codeSent) return false;
  return page.fields.length > 0 && page.fingerprint === before?.fingerprint;
}

function complaintOf(page: AnswerablePage): string | undefined {
  return page.kind === 'form' ? page.websiteError : undefined;
}

function countPage({ state }: Flow, page: AnswerablePage, rejected: boolean): void {
  const { memory } = state;
  if (page.kind === 'form' && page.countsAttempts) memory.countsAttempts = true;
  memory.acts += 1;
  if (rejected) memory.rejections += 1;
  if (memory.rejections > MAX_REJECTIONS)
    throw new FlowFailure('max_attempts_reached', 'FAILED', complaintOf(page));
  if (memory.acts > MAX_ACTS) throw new FlowFailure('max_steps_exceeded');
}

/** Saves the profile before the phase changes: whoever sees SUCCESS finds the connection authenticated. */
async function succeed(flow: Flow, { proof }: Extract<PageView, { kind: 'logged_in' }>): Promise<void> {
  const { flowId, connectionId, browser, state } = flow;
  if (!browser || browser.isGone()) throw new BrowserLost();
  flow.ending = true;
  await CancellationScope.nonCancellable(() =>
    browser.activities.saveProfile({ flowId, connectionId, ...learntOf(state.memory, proof) }),
  ).catch((error) => {
    if (isCancellation(error)) throw error;
    throw new BrowserLost();
  });
  enter(flow, { type: 'succeeded', postLoginUrl: proof.postLoginUrl });
}

/** Ends the login as what was thrown says, unless it has ended already. */
function end(flow: Flow, error: unknown): void {
  if (isCancellation(error)) {
    enter(flow, CANCELED);
    return;
  }
  const failure = error instanceof FlowFailure ? error : new FlowFailure('internal_error');
  const { status, code, message, websiteError } = failure;
  enter(flow, { type: 'ended', status, code, message, ...(websiteError !== undefined && { websiteError }) });
  if (failure !== error) log.error('login failed for a reason of ours', { error: String(error) });
}
