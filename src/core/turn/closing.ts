import type { Failure, TurnEvent, TurnFact } from '../../contract/index.ts';
import type { CallState } from './call-state.ts';
import { CUT_SHORT } from './cut-short.ts';
import { createTurnLog, type TurnLog } from './turn-log.ts';
import { stateAfter } from './turn-state.ts';

/** Closes an open turn: every call without a result fails with the error, its approval expires, then the turn ends. */
export function closeTurn(log: Pick<TurnLog, 'append' | 'openCalls'>, end: TurnFact, error: Failure): void {
  for (const call of log.openCalls()) {
    if (call.status === 'pending') expireApproval(log, call, 'turn_ended');
    log.append({ type: 'tool_call.failed', callId: call.callId, error });
  }
  log.append(end);
}

/** Ends a pending approval without a decision; what becomes of its call is left to the caller. */
export function expireApproval(
  log: Pick<TurnLog, 'append'>,
  { callId, inputDigest }: CallState,
  via: 'timer' | 'turn_ended',
): void {
  log.append({ type: 'approval.resolved', callId, action: 'expired', via, inputDigest });
}

/** The events that close a turn after those which are known, for a turn whose workflow can append none any more. */
export function closingEvents(
  turnId: string,
  known: TurnEvent[],
  end: TurnFact,
  at: string,
  error: Failure = cutShortBy('turn_failed'),
): TurnEvent[] {
  const base = { seq: known.at(-1)?.seq ?? 0, chain: '' };
  const log = createTurnLog(turnId, () => at, { base, state: stateAfter(known) });
  closeTurn(log, factOf(end), error);
  return log.unacknowledged();
}

/** What a call fails with that the end of its turn leaves without a result. */
export function cutShortBy(code: 'turn_failed' | 'cancelled'): Failure {
  return { code, message: CUT_SHORT };
}

/** The fact of an event that gets another number and time. */
function factOf(event: TurnFact & Partial<Pick<TurnEvent, 'seq' | 'at' | 'turnId'>>): TurnFact {
  const { seq: _seq, at: _at, turnId: _turnId, ...fact } = event;
  return fact as TurnFact;
}
