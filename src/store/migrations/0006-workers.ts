import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Workers that say that they poll. */
export function createWorkersTable(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('workers')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('seen_at', text, (column) => column.notNull())
        .execute();
    },
  };
}
