import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** The picture of the page that a login asks about, sealed: one for each login in progress. */
export function createPreviews(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('auth_previews')
        .addColumn('flow_id', text, (column) =>
          column.primaryKey().references('auth_flows.id').onDelete('cascade'),
        )
        .addColumn('interaction_id', text, (column) => column.notNull())
        .addColumn('expires_at', text, (column) => column.notNull())
        .addColumn('sealed', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('auth_previews_by_expiry')
        .on('auth_previews')
        .column('expires_at')
        .execute();
    },
  };
}
