import type { PageView, StepFacts } from '../../contract/index.ts';
import type { FlowPhase, FlowState } from '../../core/auth/flow-state.ts';
import type { Plan } from '../../core/auth/login-plan.ts';
import type { ActReport, PlannedAct } from '../../core/auth/planned-act.ts';
import type { AnswerablePage } from '../../core/auth/question.ts';
import { actFacts, decisionFacts, endedStep, pageFacts, resultOf } from '../../core/auth/timeline-steps.ts';

/** Most steps of one login that are noted. */
const STEPS_AT_MOST = 100;

/** What a flow notes of its pages for the timeline; its views carry it to the store. */
export interface FlowSteps {
  all: StepFacts[];
  /** When what leads to the next page began. */
  since: number;
  /** Of the last page that was seen. */
  fingerprint?: string;
  /** The next recording sends the steps from here on; the last one sent may have changed since. */
  from: number;
}

/** A flow, as far as its steps are concerned. */
interface Noting {
  steps: FlowSteps;
  state: FlowState;
}

export function noSteps(): FlowSteps {
  return { all: [], since: Date.now(), from: 0 };
}

/** What leads to the next page begins: an opening or an act. */
export function noteBegin({ steps }: Noting): void {
  steps.since = Date.now();
}

/** A page was read: what came of the one before is known with it. */
export function noteSeen({ steps }: Noting, page: PageView): void {
  const now = Date.now();
  const last = steps.all.at(-1);
  const fingerprint = 'fingerprint' in page ? page.fingerprint : undefined;
  if (last && last.result === undefined) {
    const isSame = fingerprint !== undefined && fingerprint === steps.fingerprint;
    last.result = resultOf(last, page, isSame);
    if (last.decision?.kind === 'wait' && !last.act) last.waited_ms = now - Date.parse(last.at);
  }
  const waited = last?.decision?.kind === 'wait' && !last.act;
  push(steps, { read_ms: waited ? 0 : now - steps.since, page: pageFacts(page) });
  if (fingerprint === undefined) delete steps.fingerprint;
  else steps.fingerprint = fingerprint;
}

/** No page could be opened. */
export function noteUnopened({ steps }: Noting): void {
  push(steps, { read_ms: Date.now() - steps.since });
}

function push(steps: FlowSteps, step: Omit<StepFacts, 'n' | 'at'>): void {
  if (steps.all.length >= STEPS_AT_MOST) return;
  steps.all.push({ n: steps.all.length + 1, at: new Date().toISOString(), ...step });
}

export function noteDecided(
  { steps, state }: Noting,
  page: AnswerablePage,
  plan: Plan,
  refused: boolean,
): void {
  const last = steps.all.at(-1);
  if (!last || last.decision) return;
  last.decision = decisionFacts(page, plan, { refused, countsAttempts: state.memory.countsAttempts });
}

/** The question of the last page was answered. */
export function noteAnswered({ steps }: Noting): void {
  const last = steps.all.at(-1);
  if (last && last.waited_ms === undefined) last.waited_ms = Date.now() - Date.parse(last.at);
}

export function noteActed(
  { steps }: Noting,
  { choices }: AnswerablePage,
  act: PlannedAct,
  report: ActReport,
): void {
  const last = steps.all.at(-1);
  if (last && !last.act) last.act = actFacts(choices, act, report, Date.now() - steps.since);
}

/** The browser is gone: the login begins anew. */
export function noteLost({ steps }: Noting): void {
  const last = steps.all.at(-1);
  if (last && last.result === undefined) last.result = 'browser_lost';
  delete steps.fingerprint;
}

/** The steps that a recording carries: those that are new, or may have changed since the last one. */
export function stepsToRecord(steps: FlowSteps, phase: FlowPhase): { steps?: StepFacts[] } {
  const last = steps.all.at(-1);
  if (!last) return {};
  const sent = steps.all.slice(steps.from, -1);
  steps.from = steps.all.length - 1;
  return { steps: [...sent, endedStep(last, phase)] };
}
