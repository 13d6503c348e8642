import { allHandlersFinished, condition, isCancellation } from '@temporalio/workflow';
import type { TurnFact } from '../../contract/index.ts';
import { closeTurn, cutShortBy } from '../../core/turn/closing.ts';
import { isBounded } from '../../core/turn/turn.ts';
import { WrongWorker } from '../elsewhere.ts';
import { failureOf } from '../failures.ts';
import { finishTurn } from './activity-proxies.ts';
import { carrying } from './carrying.ts';
import type { RunningTurn } from './running-turn.ts';
import { keepFullResults } from './tool-call.ts';

/** How a turn ends that an error, or a cancellation, has cut short. Throws what is no end of it. */
export function endedBy(turn: RunningTurn, error: unknown): TurnFact {
  const { usage } = turn.memory;
  if (!isCancellation(error)) {
    if (isContinueAsNew(error) || error instanceof WrongWorker) throw error;
    return { type: 'turn.failed', error: failureOf(error), usage };
  }
  if (turn.interrupt?.kind === 'deadline') {
    return {
      type: 'turn.failed',
      error: { code: 'deadline_exceeded', message: "The turn's time is over." },
      usage,
    };
  }
  if (turn.interrupt?.kind === 'fault') {
    return { type: 'turn.failed', error: failureOf(turn.interrupt.error), usage };
  }
  const { reason = 'cancelled in the engine', by } = turn.interrupt ?? {};
  return {
    type: 'turn.cancelled',
    ...(turn.interrupt && !turn.interrupt.reason ? {} : { reason }),
    ...(by && { by }),
  };
}

function isContinueAsNew(error: unknown): boolean {
  return error instanceof Error && error.name === 'ContinueAsNew';
}

/** Decides the end, and then tells the store: from here on every message is refused. */
export async function finish(turn: RunningTurn, end: TurnFact): Promise<void> {
  closeTurn(turn.log, end, cutShortBy(end.type === 'turn.failed' ? 'turn_failed' : 'cancelled'));
  turn.ending = true;
  if (isBounded(turn)) await keepFullResults(turn);
  const { turnId, memory, waiting } = turn;
  const cutShort = waiting.size > 0 ? { waiting: [...waiting] } : {};
  await carrying(turn, (carry) => finishTurn({ turnId, usage: memory.usage, ...cutShort, ...carry }));
  await condition(allHandlersFinished);
}
