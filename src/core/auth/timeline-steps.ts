import type {
  PageChoice,
  PageView,
  StepAct,
  StepDecision,
  StepFacts,
  StepPage,
} from '../../contract/index.ts';
import type { FlowPhase } from './flow-state.ts';
import type { Plan } from './login-plan.ts';
import type { ActReport, PlannedAct } from './planned-act.ts';
import type { AnswerablePage } from './question.ts';
import { shownPath } from './shown-path.ts';

/*
 * What the timeline notes of each page of a login. Facts only, made of what the workflow knows; step-words.ts says them.
 * No text of the site is noted, for a site may show anything in it; and no value.
 */

/** What a page was taken for, and what it asks. */
export function pageFacts(page: PageView): StepPage {
  const { fields, choices } = 'fields' in page ? page : { fields: [], choices: [] };
  const ssoProvider = 'ssoProvider' in page ? page.ssoProvider : undefined;
  return {
    purpose: purposeOf(page),
    url: shownPath(page.url),
    fields: fields.map(({ ref, type, required }) => ({ ref, type, required })),
    labels: fields.filter(({ label }) => label !== '').length,
    choices: choiceCounts(choices),
    complaint: 'websiteError' in page && page.websiteError !== undefined,
    ...(ssoProvider !== undefined && { sso_provider: ssoProvider }),
  };
}

function purposeOf(page: PageView): StepPage['purpose'] {
  if (page.kind !== 'form') return page.kind;
  const { fields, choices } = page;
  if (fields.some(({ ref }) => ref === 'new_password')) return 'change_password';
  if (fields.some(({ type }) => type === 'identifier' || type === 'password')) return 'login';
  if (fields.some(({ type }) => type === 'code' || type === 'totp_code')) return 'code';
  if (fields.length > 0) return 'login';
  return choices.length > 0 ? 'choice' : 'none';
}

function choiceCounts(choices: readonly PageChoice[]): StepPage['choices'] {
  const counts = new Map<PageChoice['type'], number>();
  for (const { type } of choices) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count }));
}

/** What was decided about a page. `refused`: the site showed the form again that was sent before. */
export function decisionFacts(
  page: AnswerablePage,
  plan: Plan,
  { refused, countsAttempts }: { refused: boolean; countsAttempts: boolean },
): StepDecision {
  const refs = (fill: PlannedAct['fill']) => fill.map(({ ref }) => ref);
  switch (plan.kind) {
    case 'act': {
      const why = plan.act.choiceId === undefined ? 'known' : 'choice';
      return { kind: 'act', why, asked: [], known: refs(plan.act.fill) };
    }
    case 'fail':
      return { kind: 'fail', why: 'nobody', asked: [], known: [] };
    case 'ask': {
      const lists = { asked: plan.asked.map(({ ref }) => ref), known: refs(plan.known) };
      if (page.kind === 'external') return { kind: 'wait', why: 'elsewhere', ...lists };
      if (countsAttempts) return { kind: 'ask', why: 'attempts_counted', ...lists };
      if (refused) return { kind: 'ask', why: 'refused', ...lists };
      return { kind: 'ask', why: lists.asked.length === 0 ? 'choice' : 'lacking', ...lists };
    }
  }
}

const FROM = { submitted: 'person', credential: 'credential', totp: 'totp' } as const;

/** What was done with a page, and whether it reached the site. */
export function actFacts(
  choices: readonly PageChoice[],
  { fill, choiceId, submit }: PlannedAct,
  { outcome, reason, sent }: Pick<ActReport, 'outcome' | 'reason' | 'sent'>,
  tookMs: number,
): StepAct {
  const choice = choices.find(({ id }) => id === choiceId);
  return {
    filled: fill.map(({ ref, from }) => ({ ref, from: FROM[from.kind] })),
    ...(choice && { choice: choice.type }),
    submitted: submit,
    // The page may have answered by itself what it was given.
    outcome: sent === false && outcome === 'done' ? 'not_sent' : outcome,
    ...(reason !== undefined && { reason }),
    took_ms: tookMs,
  };
}

/** What came of a page, by the page that follows. `isSame`: it shows the same form again. */
export function resultOf(
  { act }: Pick<StepFacts, 'act'>,
  next: PageView,
  isSame: boolean,
): NonNullable<StepFacts['result']> {
  if (next.kind === 'logged_in' || next.kind === 'blocked') return next.kind;
  if (act && act.outcome !== 'done') return act.outcome;
  return act && isSame ? 'rejected' : 'next_page';
}

/** The last step of a login that has ended. */
export function endedStep(step: StepFacts, phase: FlowPhase): StepFacts {
  if (phase.type === 'succeeded') return { result: 'logged_in', ...step };
  if (phase.type !== 'ended') return step;
  const results = { FAILED: 'failed', EXPIRED: 'expired', CANCELED: 'canceled' } as const;
  return {
    result: results[phase.status],
    ...step,
    ...(phase.code !== null && { error_code: phase.code }),
  };
}
