import type { Actor, Deletion, Tombstone } from '../../../contract/index.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { findSession, findTurn, sessionDeleted } from './find.ts';

/** Marks as deleted; a worker removes what is left. What is deleted already is answered as before. */
export interface DeleteContent {
  turn(id: string, reason: string | undefined, by: Actor): Promise<Tombstone>;
  session(
    id: string,
    reason: string | undefined,
    by: Actor,
  ): Promise<{ sessionId: string; deletedAt: string }>;
}

/** Deletion as the API offers it: readers are told at once, in one short transaction. */
export function createDeleteContent({ store, feed, now }: ApiDeps): DeleteContent {
  const deletionOf = (reason: string | undefined, by: Actor): Deletion => ({
    by: { tokenId: by.tokenId, name: by.name },
    ...(reason !== undefined && { reason }),
  });
  return {
    async turn(id, reason, by) {
      const marking = await store.deletion.markTurn(id, deletionOf(reason, by), now().toISOString());
      if (marking === 'open') throw stillOpen(`Turn ${id} has not ended`);
      const tombstone = await store.deletion.tombstone(id);
      if (tombstone) return tombstone;
      await findTurn(store, id);
      throw new Error(`turn ${id} is marked and has no tombstone`);
    },
    async session(id, reason, by) {
      const marking = await store.deletion.markSession(id, deletionOf(reason, by), now().toISOString());
      if (marking === 'open') throw stillOpen(`A turn of session ${id} has not ended`);
      const deletedAt = await store.deletion.sessionDeletedAt(id);
      if (deletedAt === undefined) {
        await findSession(store, id);
        throw sessionDeleted(id);
      }
      // Whoever follows it learns that nothing more will come.
      feed.publish({ topic: 'session', sessionId: id });
      return { sessionId: id, deletedAt };
    },
  };
}

function stillOpen(what: string): ApiProblem {
  return new ApiProblem('turn_not_ended', `${what}: cancel it, or wait for its end, then delete.`);
}
