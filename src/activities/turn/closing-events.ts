import type { TurnEvent, TurnFact } from '../../contract/index.ts';
import { CUT_SHORT } from '../../core/turn/cut-short.ts';
import { createTurnLog } from '../../core/turn/turn-log.ts';
import { callsOf, isOpen, stateAfter } from '../../core/turn/turn-state.ts';
import type { TurnRecord } from '../../store/store.ts';

/** The events that end a turn after those which are known: every open call gets its end, then the turn. */
export function closingEvents(
  turn: Pick<TurnRecord, 'id'>,
  known: TurnEvent[],
  end: TurnFact,
  at: string,
): TurnEvent[] {
  const base = { seq: known.at(-1)?.seq ?? 0, chain: '' };
  const state = stateAfter(known);
  const log = createTurnLog(turn.id, () => at, { base, state });
  const error = { code: 'turn_failed', message: CUT_SHORT };
  for (const { callId, status, inputDigest } of callsOf(state).filter(isOpen)) {
    if (status === 'pending') {
      log.append({ type: 'approval.resolved', callId, action: 'expired', via: 'turn_ended', inputDigest });
    }
    log.append({ type: 'tool_call.failed', callId, error });
  }
  log.append(factOf(end));
  return log.since(base).events;
}

/** The fact of an event that gets another number and time. */
function factOf(event: TurnFact & Partial<Pick<TurnEvent, 'seq' | 'at' | 'turnId'>>): TurnFact {
  const { seq: _seq, at: _at, turnId: _turnId, ...fact } = event;
  return fact as TurnFact;
}
