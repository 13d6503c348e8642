import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** What workers say of themselves, and which versions may use this store. */
export function createDeploys(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      // One column a statement: SQLite adds no more at once.
      await db.schema.alterTable('workers').addColumn('build_id', text).execute();
      await db.schema.alterTable('workers').addColumn('started_at', text).execute();
      await db.schema.alterTable('workers').addColumn('capabilities', text).execute();
      await db.schema
        .alterTable('workers')
        .addColumn('draining', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .createTable('store_versions')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('version', text, (column) => column.notNull())
        .addColumn('usable_since', text, (column) => column.notNull())
        .execute();
    },
  };
}
