import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { ModelCapacityStore } from '../store.ts';

export function createModelCapacity({ db }: StoreContext): ModelCapacityStore {
  return {
    async read(scope) {
      const row = await db
        .selectFrom('model_capacity')
        .select(['state', 'revision'])
        .where('scope', '=', scope)
        .executeTakeFirst();
      return row && { state: fromText<unknown>(row.state), revision: row.revision };
    },
    async write(scope, state, revision) {
      if (revision === 0) {
        const inserted = await db
          .insertInto('model_capacity')
          .values({ scope, revision: 1, state: toText(state) })
          .onConflict((conflict) => conflict.column('scope').doNothing())
          .returning('scope')
          .executeTakeFirst();
        return inserted !== undefined;
      }
      const { numUpdatedRows } = await db
        .updateTable('model_capacity')
        // Starts again at 1 before the integer of either database is full.
        .set({ state: toText(state), revision: (revision % MOST) + 1 })
        .where('scope', '=', scope)
        .where('revision', '=', revision)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async scopes() {
      const rows = await db.selectFrom('model_capacity').select('scope').orderBy('scope').execute();
      return rows.map(({ scope }) => scope);
    },
  };
}

const MOST = 2_000_000_000;
