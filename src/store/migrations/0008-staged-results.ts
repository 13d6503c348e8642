import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Results that were handed in, in full, until an event says which of them the turn took. */
export function createStagedResults(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('staged_results')
        .addColumn('call_id', text, (column) => column.notNull())
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('turn_id', text, (column) => column.notNull())
        .addColumn('is_error', 'integer', (column) => column.notNull())
        .addColumn('staged_at', text, (column) => column.notNull())
        .addColumn('content', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('staged_results_pk', ['call_id', 'digest'])
        .execute();
      await db.schema
        .createIndex('staged_results_by_age')
        .on('staged_results')
        .columns(['staged_at'])
        .execute();
      await db.schema.createIndex('staged_results_of_turn').on('staged_results').column('turn_id').execute();
    },
  };
}
