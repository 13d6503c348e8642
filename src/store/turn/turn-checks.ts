import { type Kysely, sql } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { Database } from '../schema.ts';
import type { TurnStore } from '../store.ts';
import type { TurnRow } from './schema.ts';
import { toRecord } from './turn-row.ts';

/** Turns that have their session. Written out, because a partial index serves only a condition it can see. */
const BEGUN = sql<boolean>`state in ('starting', 'running')`;

/** What the reconciler and the sweep ask of turns. */
export function createTurnChecks({
  db,
  write,
}: StoreContext): Pick<TurnStore, 'noteStart' | 'takeForCheck' | 'begun' | 'ended'> {
  return {
    async noteStart(id, accepted) {
      await db
        .updateTable('turns')
        .set({ start_accepted: accepted ? 1 : 0 })
        .where('id', '=', id)
        .where('state', '=', 'starting')
        .execute();
    },
    takeForCheck: (round, before, limit) =>
      write(async (trx) => {
        // New turns may come in faster than they are checked; half of the places are for old ones.
        const fresh = await candidates(trx, before, Math.ceil(limit / 2))
          .where('checked', 'is', null)
          .execute();
        const known = await candidates(trx, before, limit - fresh.length)
          .where('checked', 'is not', null)
          .execute();
        const rows: TurnRow[] = [...fresh, ...known];
        if (rows.length > 0) {
          const ids = rows.map(({ id }) => id);
          await trx.updateTable('turns').set({ checked: round }).where('id', 'in', ids).execute();
        }
        const behind = rows.map(({ checked }) => (checked === null ? 0 : round - checked));
        return { turns: rows.map(toRecord), roundsBehind: Math.max(0, ...behind) };
      }),
    async begun(before, after, limit) {
      const rows = await db
        .selectFrom('turns')
        .select('id')
        .where(BEGUN)
        .where('starting_at', '<', before)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    async ended(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('turns')
        .select('id')
        .where('id', 'in', ids)
        .where('ended_at', 'is not', null)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

function candidates(db: Kysely<Database>, before: string, limit: number) {
  return db
    .selectFrom('turns')
    .selectAll()
    .where(BEGUN)
    .where('starting_at', '<', before)
    .orderBy('checked')
    .orderBy('starting_at')
    .limit(limit);
}
