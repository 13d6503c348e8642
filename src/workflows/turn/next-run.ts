import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { mostGrants } from '../../core/turn/grant-limits.ts';
import { recordEvents } from './activity-proxies.ts';
import { carrying } from './carrying.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnCarry, TurnStart } from './turn-start.ts';

/**
 * Goes on in another workflow run when the engine suggests it. Only between steps: nothing is in flight, and every event is in
 * the archive.
 */
export async function continueAsNewWhenDue(turn: RunningTurn, deadlineAt: number | undefined): Promise<void> {
  if (!workflowInfo().continueAsNewSuggested) return;
  await carrying(turn, (carry) => recordEvents({ turnId: turn.turnId, ...carry }));
  await condition(allHandlersFinished);
  // Messages that came meanwhile may be many and long: the model is told them first, and it is tried again.
  if (turn.memory.steers.length > 0) return;
  const { turnId, sessionId, ordinal, agent } = turn;
  const carried = carriedOf(turn, deadlineAt);
  await continueAsNew<(start: TurnStart) => Promise<void>>({ turnId, sessionId, ordinal, agent, carried });
}

/** Only what is open: no call is, between two steps. What was decided and handed in before is answered from the store. */
function carriedOf({ log, prepared, memory }: RunningTurn, deadlineAt: number | undefined): TurnCarry {
  return {
    log: log.carry(),
    // The next run's history is empty: it holds to the bounds whatever worker began the turn.
    prepared: { ...prepared, grants: [], bounded: true },
    memory: {
      ...memory,
      grants: mostGrants(memory.grants),
      results: {},
      fullResults: {},
      decisions: {},
    },
    ...(deadlineAt !== undefined && { deadlineAt }),
  };
}
