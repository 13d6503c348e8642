import { isTerminal, type TerminalEvent, type TurnEvent } from '../../contract/index.ts';
import { closingEvents } from '../../core/turn/closing.ts';
import type { TurnEnd } from '../../store/store.ts';
import { EventsBehind, EventsDiverge } from '../../store/store-error.ts';
import type { TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { reconcileEvents } from './carry.ts';

type FinishDeps = Pick<ActivityDeps, 'store' | 'feed' | 'noteDelivery' | 'startTurn' | 'log'>;

/** Ends the turn in the store, in one transaction with its session's next turn, and starts that one. */
export function createFinishTurn(deps: ActivityDeps): TurnActivities['finishTurn'] {
  return async ({ turnId, usage, events, waiting = [] }) => {
    const last = events.at(-1);
    if (!last || !isTerminal(last)) throw new Error(`Turn ${turnId} ends without a terminal event.`);
    for (const callId of waiting) await endWait(deps, callId, last.at);
    await endCarried(deps, { turnId, usage, endedAt: last.at, events, ...endOf(last) }, last);
  };
}

/** Where the store was restored, or the workflow set back, the end is told after what the store has. */
async function endCarried(deps: ActivityDeps, end: TurnEnd, last: TerminalEvent): Promise<void> {
  try {
    await endTurn(deps, end);
  } catch (error) {
    if (!(error instanceof EventsBehind || error instanceof EventsDiverge)) throw error;
    await reconcileEvents(deps, end.turnId, end.events, error).catch((again) => {
      if (!(again instanceof EventsBehind)) throw again;
    });
    const turn = await deps.store.turns.get(end.turnId);
    const archived = await deps.store.events.list(end.turnId);
    if (archived.length + 1 === last.seq) await endTurn(deps, { ...end, events: [last] });
    else if (turn) await endTurn(deps, { ...end, events: closingEvents(turn.id, archived, last, last.at) });
  }
}

/** Nobody will look again: its execution is settled, and nothing wakes it any more. */
async function endWait({ store }: FinishDeps, callId: string, at: string): Promise<void> {
  const error = { code: 'wait_ended', message: 'The turn ended while this call was waiting.' };
  await store.ledger.settle(callId, { error }, at);
  await store.waiters.remove(callId);
}

/** How a terminal event ends the row. */
export function endOf(last: TerminalEvent): Pick<TurnEnd, 'status' | 'output' | 'error'> {
  switch (last.type) {
    case 'turn.completed':
      return { status: 'completed', output: last.output };
    case 'turn.failed':
      return { status: 'failed', error: last.error };
    case 'turn.cancelled':
      return { status: 'cancelled' };
  }
}

/** Ends a turn once, tells its readers, and hands the session to the next. Shared with the reconciler. */
export async function endTurn(
  { store, feed, noteDelivery, startTurn, log }: FinishDeps,
  end: TurnEnd,
): Promise<boolean> {
  const { ended, turn, next } = await store.turns.end(end);
  await noteDelivery.changed(turn.sessionId);
  feed.publish({ topic: 'turn', turnId: turn.id, change: 'closed' });
  feed.publish({ topic: 'session', sessionId: turn.sessionId });
  if (end.events.some((event: TurnEvent) => event.type === 'approval.resolved'))
    feed.publish({ topic: 'approvals' });
  if (next) {
    // The row says `starting`: where this start is lost, the sweep repeats it.
    await startTurn(next).catch((error) =>
      log.warn({ err: error, turnId: next.id }, 'next turn not started yet'),
    );
  }
  return ended;
}
