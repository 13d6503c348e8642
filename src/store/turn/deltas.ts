import type { Delta } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { DeltaStore } from '../store.ts';

/** Deltas in one statement; each takes four parameters, and SQLite takes 32,766. */
const CHUNK = 1_000;

export function createDeltas({ db }: StoreContext): DeltaStore {
  return {
    async append(turnId, step, deltas) {
      for (let from = 0; from < deltas.length; from += CHUNK) {
        const rows = deltas
          .slice(from, from + CHUNK)
          .map(({ n, delta }) => ({ turn_id: turnId, step, n, delta: toText(delta) }));
        await db
          .insertInto('deltas')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
    async list(turnId, step, after) {
      const rows = await db
        .selectFrom('deltas')
        .select(['n', 'delta'])
        .where('turn_id', '=', turnId)
        .where('step', '=', step)
        .where('n', '>', after)
        .orderBy('n')
        .execute();
      return rows.map((row) => ({ n: row.n, delta: fromText<Delta>(row.delta) }));
    },
    async last(turnId, step) {
      const row = await db
        .selectFrom('deltas')
        .select((of) => of.fn.max('n').as('n'))
        .where('turn_id', '=', turnId)
        .where('step', '=', step)
        .executeTakeFirst();
      return row?.n ?? 0;
    },
    async purge(endedBefore) {
      await db
        .deleteFrom('deltas')
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('turns')
              .select('turns.id')
              .whereRef('turns.id', '=', 'deltas.turn_id')
              .where('turns.ended_at', '<', endedBefore),
          ),
        )
        .execute();
    },
  };
}
