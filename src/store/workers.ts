import type { StoreContext } from './context.ts';
import type { WorkerStore } from './store.ts';

export function createWorkers({ db }: StoreContext): WorkerStore {
  return {
    async beat(id, at) {
      await db
        .insertInto('workers')
        .values({ id, seen_at: at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at }))
        .execute();
    },
    async leave(id) {
      await db.deleteFrom('workers').where('id', '=', id).execute();
    },
    async seenSince(at) {
      const { count } = await db
        .selectFrom('workers')
        .select((of) => of.fn.countAll<number | string>().as('count'))
        .where('seen_at', '>=', at)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}
