import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Tool calls that wait for something of any capability, which need not be a row of this database. */
export function createWaitersTable(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('waiters')
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('subject', text, (column) => column.notNull())
        .addColumn('call_id', text, (column) => column.notNull())
        .addColumn('turn_id', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('waiters_pk', ['kind', 'subject', 'call_id'])
        .execute();
      await db.schema.createIndex('waiters_of_call').on('waiters').column('call_id').execute();
      await db.schema.createIndex('waiters_of_turn').on('waiters').column('turn_id').execute();
    },
  };
}
