import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Store, TurnRecord } from '../../store/store.ts';
import { unknownTurn } from '../../store/store-error.ts';

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
 * The turn that an activity works for. Nothing is dispatched for one whose row has ended, whatever its workflow believes: it was
 * reset after its end, or the store was told meanwhile that it is over. Then this fails with {@link turnOver}.
 */
export async function openTurn(store: Pick<Store, 'turns'>, turnId: string): Promise<TurnRecord> {
  return assertOpen(turnId, await store.turns.get(turnId));
}

/** The same of a turn that was read. */
export function assertOpen(turnId: string, turn: TurnRecord | undefined): TurnRecord {
  if (!turn) throw unknownTurn(turnId);
  if (turn.endedAt !== undefined)
    throw turnOver(`Turn ${turnId} has ended: nothing is done for it any more.`);
  return turn;
}

/** Ends the run that asked: the turn is over, or it is another run by now. */
export function turnOver(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'turn_over', message, nonRetryable: true });
}
