import { CancellationScope, condition, isCancellation, uuid4 } from '@temporalio/workflow';
import type { PageView } from '../../contract/index.ts';
import type { Plan } from '../../core/auth/login-plan.ts';
import type { AnswerablePage, Question } from '../../core/auth/question.ts';
import { BrowserLost, enter, type Flow, FlowFailure } from './flow.ts';
import { previewQuestion } from './flow-preview.ts';
import { heldFailure } from './held-browser.ts';

/** `holdBrowser` notices within this time that the browser is gone, in milliseconds. */
const HOLDER_MS = 5_000;

/** Asks a person and waits for the answer; the page is parked while nobody answers. */
export async function awaitAnswer(
  flow: Flow,
  page: AnswerablePage,
  plan: Extract<Plan, { kind: 'ask' }>,
  rejected: boolean,
): Promise<void> {
  const { limits } = flow;
  flow.inputDeadlineAt = Math.min(Date.now() + limits.inputTimeoutMs, flow.deadlineAt);
  const { asked, known } = plan;
  const question = newQuestion(flow, { page, asked, known, rejected });
  enter(flow, { type: 'asking', question });
  previewQuestion(flow, question);

  const isAnswered = () => flow.answered !== undefined;
  const isLost = () => flow.browser?.isGone() ?? false;
  const isWanted = () => flow.browser?.isWanted() ?? false;
  const wait = (ms: number) => condition(() => isAnswered() || isLost() || isWanted(), Math.max(ms, 1));
  const leftMs = () => (flow.inputDeadlineAt ?? 0) - Date.now();

  await wait(Math.min(limits.parkAfterMs, leftMs()));
  if (!isAnswered() && !isLost() && leftMs() > 0) await park(flow);
  if (!isAnswered() && !isLost()) await wait(leftMs());
  if (isAnswered()) return;
  if (isLost()) throw new BrowserLost();
  throw new FlowFailure('awaiting_input_timeout', 'EXPIRED');
}

function newQuestion(flow: Flow, about: Omit<Question, 'interactionId' | 'notice'>): Question {
  const interactionId = `int_${uuid4()}`;
  const { notice } = flow;
  delete flow.notice;
  return { interactionId, ...about, ...(notice !== undefined && { notice }) };
}

/** Stores what is needed to open the page again, and closes its context. */
async function park(flow: Flow): Promise<void> {
  const { flowId, connectionId, browser, deadlineAt } = flow;
  if (!browser) return;
  try {
    await browser.activities.parkBrowser({ flowId, connectionId, until: new Date(deadlineAt).toISOString() });
  } catch (error) {
    heldFailure(error);
    throw new BrowserLost();
  }
  browser.release();
  delete flow.browser;
  flow.isParked = true;
}

/**
 * Waits for something that happens elsewhere. Returns the page that follows; undefined where the person answered with
 * another way.
 */
export async function awaitElsewhere(
  flow: Flow,
  page: Extract<AnswerablePage, { kind: 'external' }>,
): Promise<PageView | undefined> {
  const { flowId, connectionId, browser } = flow;
  if (!browser || browser.isGone()) throw new BrowserLost();
  delete flow.inputDeadlineAt;
  const question = newQuestion(flow, { page, asked: page.fields, known: [], rejected: false });
  enter(flow, { type: 'awaiting_external', question, message: page.message });
  previewQuestion(flow, question);

  const waiting = new CancellationScope();
  let next: PageView | undefined;
  const watch = waiting.run(async () => {
    while (next === undefined && !browser.isGone()) {
      try {
        next = await browser.activities.waitExternal({ flowId, connectionId, fingerprint: page.fingerprint });
      } catch (error) {
        if (isCancellation(error)) return;
        heldFailure(error);
        // Waiting again does no harm; `holdBrowser` notices where the browser is gone.
        await condition(() => browser.isGone(), HOLDER_MS);
      }
    }
  });
  await condition(() => next !== undefined || browser.isGone() || flow.answered !== undefined);
  waiting.cancel();
  await watch.catch((error) => {
    if (!isCancellation(error)) throw error;
  });
  if (flow.answered !== undefined) return undefined;
  if (next === undefined) throw new BrowserLost();
  flow.state.memory.needs.push({ kind: 'external' });
  return next;
}
