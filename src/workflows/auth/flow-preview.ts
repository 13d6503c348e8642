import { condition, isCancellation } from '@temporalio/workflow';
import { questionOf } from '../../core/auth/flow-state.ts';
import type { Question } from '../../core/auth/question.ts';
import { enter, type Flow } from './flow.ts';
import { heldFailure } from './held-browser.ts';

/*
 * The picture of the page that asks. A question is put without it and never waits for it: it is taken once the question is
 * stored, and then shown by a revision of its own. Nothing depends on it, so whatever fails, there is none.
 */

/** Has a picture taken of the page of a question, where that is wanted. Returns at once. */
export function previewQuestion(flow: Flow, { interactionId, page }: Question): void {
  if (flow.facts.previews !== true) return;
  void showPreview(flow, interactionId, page.fingerprint).catch((error) => {
    if (!isCancellation(error)) heldFailure(error);
  });
}

async function showPreview(flow: Flow, interactionId: string, fingerprint: string): Promise<void> {
  const { flowId, connectionId, state, browser, deadlineAt } = flow;
  const isAsked = () => questionOf(flow.state)?.interactionId === interactionId && !flow.answered;
  await condition(() => flow.recorded >= state.revision || !isAsked());
  if (!isAsked() || !browser || browser.isGone()) return;
  const until = new Date(deadlineAt).toISOString();
  const { identifier } = state.memory;
  const isTaken = await browser.activities.takePreview({
    flowId,
    connectionId,
    interactionId,
    fingerprint,
    until,
    ...(identifier && { identifier: identifier.secretId }),
  });
  const { phase } = flow.state;
  if (!isTaken || !isAsked() || !('question' in phase)) return;
  const preview = `/auth/connections/${connectionId}/flows/${flowId}/preview?interaction_id=${interactionId}`;
  enter(flow, { ...phase, question: { ...phase.question, preview } });
}
