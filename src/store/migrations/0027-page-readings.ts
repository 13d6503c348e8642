import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** The last reading of each connection, and reports that were made of readings; all sealed. */
export function createPageReadings(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('auth_readings')
        .addColumn('connection_id', text, (column) =>
          column.primaryKey().references('auth_connections.id').onDelete('cascade'),
        )
        .addColumn('flow_id', text, (column) => column.notNull())
        .addColumn('taken_at', text, (column) => column.notNull())
        .addColumn('expires_at', text, (column) => column.notNull())
        .addColumn('sealed', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('auth_readings_by_expiry')
        .on('auth_readings')
        .column('expires_at')
        .execute();
      await db.schema
        .createTable('auth_reports')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('connection_id', text, (column) =>
          column.notNull().references('auth_connections.id').onDelete('cascade'),
        )
        .addColumn('flow_id', text, (column) => column.notNull())
        .addColumn('taken_at', text, (column) => column.notNull())
        .addColumn('created_at', text, (column) => column.notNull())
        .addColumn('expires_at', text, (column) => column.notNull())
        .addColumn('size', 'integer', (column) => column.notNull())
        .addColumn('about', text, (column) => column.notNull())
        .addColumn('sealed', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('auth_reports_of_connection')
        .on('auth_reports')
        .columns(['connection_id', 'created_at', 'id'])
        .execute();
      await db.schema.createIndex('auth_reports_by_expiry').on('auth_reports').column('expires_at').execute();
    },
  };
}
