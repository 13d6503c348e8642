import type { NoteDelivery } from './note-delivery.ts';
import type { NoteStore, Notes } from './note-store.ts';

/**
 * The notes that tools and the API use: those of a store, with every session's record that was committed before the read. That
 * is what `flush` is for; it is bounded, so that a store that does not take records still answers questions.
 */
export function createNotes({
  store,
  delivery,
}: {
  store: NoteStore;
  delivery: Pick<NoteDelivery, 'flush'>;
}): Notes {
  const { get, list, matches, getMany, put, putAs, dropBefore } = store;
  return {
    async get(id) {
      await delivery.flush();
      return await get(id);
    },
    async list(query) {
      await delivery.flush();
      return await list(query);
    },
    async matches(query) {
      await delivery.flush();
      return await matches(query);
    },
    getMany,
    put,
    putAs,
    dropBefore,
  };
}
