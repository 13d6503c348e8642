import { condition } from '@temporalio/workflow';
import type { PageView } from '../../contract/index.ts';
import { learn } from '../../core/auth/learning.ts';
import { originOf, type Plan } from '../../core/auth/login-plan.ts';
import { NOTICES } from '../../core/auth/notices.ts';
import type { ActReport, PlannedAct } from '../../core/auth/planned-act.ts';
import type { AnswerablePage } from '../../core/auth/question.ts';
import { BrowserLost, enter, type Flow, FlowFailure } from './flow.ts';
import { resumePage } from './flow-pages.ts';
import { noteActed, noteAnswered, noteBegin } from './flow-steps.ts';
import { type HeldBrowser, heldFailure } from './held-browser.ts';
import { noteLeaving } from './sign-in-elsewhere.ts';
import { heldBackNotice, unsentNotice } from './unsent.ts';

/** How often a login begins anew, because the page that was asked about had gone when the answer was entered. */
const MAX_LEFT = 3;

/** Acts on what is known, without asking. */
export async function actOnPlan(
  flow: Flow,
  page: AnswerablePage,
  plan: Extract<Plan, { kind: 'act' }>,
): Promise<PageView> {
  const { memory } = flow.state;
  const { choice } = learn(memory, page, plan.act);
  if (choice !== undefined) memory.chosen.push(choice);
  const counted = countTyped(flow, plan.act);
  enter(flow, { type: 'submitting', ssoProvider: page.ssoProvider ?? null });
  return await act(flow, page, plan.act, counted);
}

/** Acts on an answer; opens the page again where it was parked. */
export async function actOnAnswer(flow: Flow, page: AnswerablePage): Promise<PageView> {
  const { answered } = flow;
  if (!answered) throw new FlowFailure('internal_error');
  delete flow.answered;
  noteAnswered(flow);
  if (flow.isParked) await resumePage(flow, page.fingerprint);
  const { memory } = flow.state;
  learn(memory, page, answered);
  for (const { from } of answered.fill) {
    if (from.kind === 'submitted' && from.keep) {
      const { ssoProvider } = page;
      memory.identifier = { secretId: from.secretId, ...(ssoProvider !== undefined && { ssoProvider }) };
    }
  }
  return await act(flow, page, answered, countTyped(flow, answered));
}

/** Takes the count back where nothing was typed. */
type Uncount = () => void;

/** Counts what is typed of the credential, before the act: its outcome may stay unknown. */
function countTyped({ state }: Flow, { fill }: PlannedAct): Uncount {
  const { memory } = state;
  // A password of which several characters are typed is typed once.
  const keys = new Set(fill.flatMap(({ from }) => (from.kind === 'credential' ? [from.key] : [])));
  const totp = fill.some(({ from }) => from.kind === 'totp') ? 1 : 0;
  const add = (by: 1 | -1) => {
    for (const key of keys) memory.typed[key] = (memory.typed[key] ?? 0) + by;
    memory.totpTries += by * totp;
  };
  add(1);
  return () => add(-1);
}

async function act(
  flow: Flow,
  page: AnswerablePage,
  planned: PlannedAct,
  uncount: Uncount,
): Promise<PageView> {
  const { flowId, connectionId, browser } = flow;
  if (!browser || browser.isGone()) {
    uncount();
    flow.notice = NOTICES.unsent;
    throw new BrowserLost();
  }
  noteBegin(flow);
  noteLeaving(flow, page, planned);
  const report = await actWith(browser, { flowId, connectionId, act: planned });
  if (report.sent === false) flow.isUnsent = true;
  noteActed(flow, page, planned, report);
  if (report.typedNothing) flow.isWithheld = true;
  if (report.outcome === 'done' && report.page) {
    delete flow.notice;
    const notice = heldBackNotice(page, report);
    if (notice !== undefined) flow.notice = notice;
    return report.page;
  }
  if (report.reason === 'page_left') beginAnew(flow, uncount);
  if (report.reason === 'other_site') return await withhold(flow, page, report);
  if (report.outcome === 'not_sent') uncount();
  flow.notice = report.outcome === 'not_sent' ? unsentNotice(report) : NOTICES.unseen;
  if (report.reason === 'provider_failed' && flow.type === 'REAUTH')
    throw new FlowFailure('credentials_invalid');
  return report.page ?? (await look(flow));
}

/** Has the worker that holds the page act on it. Never throws: what becomes of an act may stay unknown. */
async function actWith(
  browser: HeldBrowser,
  request: Parameters<HeldBrowser['activities']['actOnPage']>[0],
): Promise<ActReport> {
  return await Promise.race([
    browser.activities
      .actOnPage(request)
      .catch((error): ActReport => ({ outcome: heldFailure(error) === 'unknown' ? 'unknown' : 'not_sent' })),
    // `holdBrowser` notices sooner than the act that the worker is gone.
    condition(() => browser.isGone()).then((): ActReport => ({ outcome: 'unknown' })),
  ]);
}

/** The page that was asked about has gone: the login begins at its entry again, {@link MAX_LEFT} times. */
function beginAnew(flow: Flow, uncount: Uncount): never {
  uncount();
  flow.left = (flow.left ?? 0) + 1;
  if (flow.left > MAX_LEFT) throw new FlowFailure('navigation_confused');
  flow.notice = NOTICES.not_kept;
  throw new BrowserLost();
}

/** What is stored is not for this host and was not typed: a person is asked, or the re-auth ends. */
async function withhold(flow: Flow, { url }: AnswerablePage, { page }: ActReport): Promise<PageView> {
  const { memory } = flow.state;
  memory.notFor = [...(memory.notFor ?? []), originOf(url)];
  flow.notice = NOTICES.not_for_here;
  flow.isWithheld = true;
  return page ?? (await look(flow));
}

/** Reads the page again. Throws {@link BrowserLost} where the browser is gone. */
async function look(flow: Flow): Promise<PageView> {
  const { flowId, connectionId, browser } = flow;
  if (!browser || browser.isGone()) throw new BrowserLost();
  return await browser.activities.observePage({ flowId, connectionId }).catch((error) => {
    heldFailure(error);
    throw new BrowserLost();
  });
}
