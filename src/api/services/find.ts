import type { Session } from '../../contract/index.ts';
import type { Store, TurnRecord } from '../../store/store.ts';
import { ApiProblem } from '../problems.ts';

/** The turn, or 404. */
export async function findTurn(store: Store, id: string): Promise<TurnRecord> {
  const turn = await store.turns.get(id);
  if (turn === undefined) throw new ApiProblem('turn_not_found', `There is no turn ${id}.`);
  return turn;
}

/** The session, or 404. */
export async function findSession(store: Store, id: string): Promise<Session> {
  const session = await store.sessions.get(id);
  if (session === undefined) throw new ApiProblem('session_not_found', `There is no session ${id}.`);
  return session;
}

/** What a turn says to a call id that it does not know. */
export function noSuchCall(callId: string, where: string): ApiProblem {
  return new ApiProblem('call_not_found', `${where} has no tool call ${callId}.`);
}
