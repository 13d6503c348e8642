import type { TurnRecord } from '../../../store/store.ts';
import { hasEnded } from '../../../store/turn/turn-states.ts';
import { EngineUnavailable, TurnClosed } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { callFacts } from '../call-record.ts';
import { findSession, noSuchCall } from './find.ts';

/** The id of the session's turn that has the call. Throws 404 for an unknown session or call. */
export type FindTurnOfCall = (sessionId: string, callId: string) => Promise<string>;

/** A call is looked for where it is cheapest first: its records, the turn that runs, then all events of the session. */
export function createFindTurnOfCall({ store, gateway }: Pick<ApiDeps, 'store' | 'gateway'>): FindTurnOfCall {
  return async (sessionId, callId) => {
    await findSession(store, sessionId);
    const turns = await store.sessions.turns(sessionId);
    const recorded = (await store.approvals.get(callId))?.turnId ?? (await store.ledger.get(callId))?.turnId;
    if (recorded !== undefined) {
      if (turns.some(({ id }) => id === recorded)) return recorded;
      throw noSuchCall(callId, `Session ${sessionId}`);
    }
    for (const turn of turns.toReversed()) {
      if (await hasCall(turn, callId)) return turn.id;
    }
    throw noSuchCall(callId, `Session ${sessionId}`);
  };

  async function hasCall(turn: TurnRecord, callId: string): Promise<boolean> {
    if (turn.state === 'queued' || turn.state === 'starting') return false;
    if (turn.pending.some((call) => call.callId === callId)) return true;
    if (callFacts(await store.events.ofCall(turn.id, callId), callId) !== undefined) return true;
    return !hasEnded(turn.state) && (await isLive(turn.id, callId));
  }

  async function isLive(turnId: string, callId: string): Promise<boolean> {
    try {
      const { calls } = await gateway.snapshot(turnId);
      return calls.some((call) => call.callId === callId);
    } catch (error) {
      if (error instanceof TurnClosed || error instanceof EngineUnavailable) return false;
      throw error;
    }
  }
}
