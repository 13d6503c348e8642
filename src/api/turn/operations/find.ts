import type { Session, Tombstone } from '../../../contract/index.ts';
import type { Store, TurnRecord } from '../../../store/store.ts';
import { ApiProblem } from '../../problems.ts';

/** The turn, or 404, or 410 with what is left of a deleted one. */
export async function findTurn(store: Store, id: string): Promise<TurnRecord> {
  const turn = await store.turns.get(id);
  if (turn && turn.deletedAt === undefined) return turn;
  const tombstone = await store.deletion.tombstone(id);
  if (tombstone) throw turnDeleted(tombstone);
  throw new ApiProblem('turn_not_found', `There is no turn ${id}.`);
}

/** The session, or 404, or 410 where it was deleted. */
export async function findSession(store: Store, id: string): Promise<Session> {
  const session = await store.sessions.get(id);
  if (session) return session;
  const deletedAt = await store.deletion.sessionDeletedAt(id);
  if (deletedAt !== undefined) throw sessionDeleted(id, deletedAt);
  throw new ApiProblem('session_not_found', `There is no session ${id}.`);
}

/** What a deleted turn answers. */
function turnDeleted(tombstone: Tombstone): ApiProblem {
  const detail = `Turn ${tombstone.turnId} was deleted at ${tombstone.deletedAt}.`;
  return new ApiProblem('turn_deleted', detail, { tombstone });
}

/** What a deleted session answers. */
export function sessionDeleted(id: string, deletedAt?: string): ApiProblem {
  const when = deletedAt === undefined ? '' : ` at ${deletedAt}`;
  return new ApiProblem('session_deleted', `Session ${id} was deleted${when}; use another session id.`);
}

/** What a turn says to a call id that it does not know. */
export function noSuchCall(callId: string, where: string): ApiProblem {
  return new ApiProblem('call_not_found', `${where} has no tool call ${callId}.`);
}
