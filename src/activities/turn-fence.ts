import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Store } from '../store/store.ts';

/** The workflow run that asked for the activity that runs. */
export function runAtWork(): { workflowId: string; runId: string } {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('This activity is of no workflow.');
  return workflowExecution;
}

/** The turn whose workflow asked for the activity that runs. */
export function turnAtWork(): string {
  // Behind the kind and, in newer stores, the installation; ids have no colon.
  return runAtWork().workflowId.split(':').at(-1) ?? '';
}

/**
 * Nothing is dispatched for a turn whose row has ended, whatever its workflow believes: it was reset after its end, or
 * the store was told meanwhile that it is over.
 */
export async function assertOpen(store: Store, turnId: string): Promise<void> {
  const [ended] = await store.turns.ended([turnId]);
  if (ended !== undefined) throw turnOver(`Turn ${turnId} has ended: nothing is done for it any more.`);
}

/** Ends the run that asked: the turn is over, or it is another run by now. */
export function turnOver(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'turn_over', message, nonRetryable: true });
}
