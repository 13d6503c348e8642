import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** What the reconciler keeps: when a turn was checked, accepted starts, leases of its rounds, superseded events. */
export function createReconciling(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('turns').addColumn('checked', 'integer').execute();
      await db.schema
        .alterTable('turns')
        .addColumn('start_accepted', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .alterTable('turns')
        .addColumn('resets', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .createIndex('turns_by_check')
        .on('turns')
        .columns(['checked', 'starting_at'])
        .where(sql.ref('state'), 'in', sql`('starting', 'running')`)
        .execute();
      await db.schema
        .createTable('upkeep_leases')
        .addColumn('name', text, (column) => column.primaryKey())
        .addColumn('number', 'integer', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('superseded_events')
        .addColumn('turn_id', text, (column) => column.notNull().references('turns.id'))
        .addColumn('reset', 'integer', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('superseded_at', text, (column) => column.notNull())
        .addColumn('event', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('superseded_events_pk', ['turn_id', 'reset', 'seq'])
        .execute();
    },
  };
}
