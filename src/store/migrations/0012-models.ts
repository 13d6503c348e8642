import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** What a step that waits for its model has come to, and what processes share about a model's limits. */
export function createModels(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('turns').addColumn('model_wait', text).execute();
      await db.schema
        .createIndex('turns_waiting_for_model')
        .on('turns')
        .column('state')
        .where(sql.ref('state'), '=', sql`'running'`)
        .where(sql.ref('model_wait'), 'is not', null)
        .execute();
      await db.schema
        .createTable('model_capacity')
        .addColumn('scope', text, (column) => column.primaryKey())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .execute();
    },
  };
}
