import type { FlowRecord, FlowStore } from '../../../store/auth-store.ts';
import { ApiProblem } from '../../problems.ts';

/**
 * Throws where what is stored, and shown by GET, says that nobody waits for this question's answer any more. The engine would
 * answer an Update that it took once with the same result for ever, so an answer that was taken before is judged here:
 * while what it led to is under way it is accepted again, and once another question is asked it is stale. Questions are
 * stored before anybody sees them, so a question that is not the stored one is an earlier one.
 */
export async function refuseStale(
  flows: Pick<FlowStore, 'lastSubmitted'>,
  { id, view }: FlowRecord,
  interactionId: string,
): Promise<void> {
  const { flow_step: step, interaction_id: asked } = view;
  if (asked !== null) {
    if (asked !== interactionId) throw stale();
  } else if (step === 'DISCOVERING') {
    throw nothingAsked();
  } else if (step === 'SUBMITTING') {
    const answered = await flows.lastSubmitted(id);
    if (answered !== undefined && answered !== interactionId) throw stale();
  }
}

/** Nobody has been asked anything, or what was asked is void: its page is gone. */
export function nothingAsked(): ApiProblem {
  return new ApiProblem(
    'no_active_interaction',
    'Nothing is asked at the moment. Follow the login until it asks.',
  );
}

/** The question was answered, by this answer or by another one, or replaced. */
export function stale(): ApiProblem {
  return new ApiProblem(
    'stale_interaction',
    'This question was answered or replaced. Read the state again, and answer what is asked now.',
  );
}
