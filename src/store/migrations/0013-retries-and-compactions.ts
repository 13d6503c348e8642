import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Which turn a turn goes on with or repeats, and what of a conversation models are no longer shown. */
export function createRetriesAndCompactions(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('turns').addColumn('retry_of', text).execute();
      await db.schema.alterTable('turns').addColumn('rerun_of', text).execute();
      await db.schema
        .createIndex('turns_one_retry')
        .unique()
        .on('turns')
        .column('retry_of')
        .where(sql.ref('retry_of'), 'is not', null)
        .execute();
      await db.schema
        .createTable('compactions')
        .addColumn('turn_id', text, (column) => column.notNull())
        .addColumn('step', 'integer', (column) => column.notNull())
        .addColumn('round', 'integer', (column) => column.notNull())
        .addColumn('compaction', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('compactions_pk', ['turn_id', 'step', 'round'])
        .execute();
    },
  };
}
