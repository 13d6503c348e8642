import type { StoreContext } from './context.ts';
import type { WorkerStore } from './store.ts';

export function createWorkers({ db }: StoreContext): WorkerStore {
  return {
    async beat(id, at) {
      await db
        .insertInto('workers')
        .values({ id, seen_at: at, left_at: null })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at, left_at: null }))
        .execute();
    },
    async leave(id, at) {
      // The row stays: the engine lists its worker for some minutes more.
      await db.updateTable('workers').set({ seen_at: at, left_at: at }).where('id', '=', id).execute();
    },
    async seenSince(at) {
      const { count } = await db
        .selectFrom('workers')
        .select((of) => of.fn.countAll<number | string>().as('count'))
        .where('seen_at', '>=', at)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async lastSeen(id) {
      const row = await db.selectFrom('workers').select('seen_at').where('id', '=', id).executeTakeFirst();
      return row?.seen_at;
    },
  };
}
