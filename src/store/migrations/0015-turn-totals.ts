import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/**
 * How many turns have ended, by how; in several rows, so that ends of different sessions do not wait for each other. What
 * a process of version 0.2 ends from then on is not counted here.
 */
export function createTurnTotals(kind: StoreKind): Migration {
  const { count } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('turn_totals')
        .addColumn('shard', 'integer', (column) => column.primaryKey())
        .addColumn('completed', count, (column) => column.notNull())
        .addColumn('failed', count, (column) => column.notNull())
        .addColumn('cancelled', count, (column) => column.notNull())
        .execute();
      await sql`insert into turn_totals (shard, completed, failed, cancelled)
        select 0, coalesce(sum(completed), 0), coalesce(sum(failed), 0), coalesce(sum(cancelled), 0)
        from sessions`.execute(db);
    },
  };
}
