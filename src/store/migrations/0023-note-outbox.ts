import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Which sessions' records are not delivered to the note store, and which version of a record a note has. */
export function createNoteOutbox(kind: StoreKind): Migration {
  const { text, count } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('note_outbox')
        .addColumn('session_id', text, (column) => column.primaryKey())
        .addColumn('version', count, (column) => column.notNull())
        .addColumn('written', 'integer', (column) => column.notNull())
        .addColumn('shortened', 'integer', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
        .addColumn('due_at', text)
        .addColumn('since', text)
        .addColumn('changed_at', text)
        .addColumn('turn_id', text)
        .addColumn('turn_state', text)
        .addColumn('status', text)
        .addColumn('last_error', text)
        .execute();
      await db.schema
        .createIndex('note_outbox_due')
        .on('note_outbox')
        .columns(['due_at', 'since'])
        .where(sql.ref('due_at'), 'is not', null)
        .execute();
      await db.schema.alterTable('notes').addColumn('version', count).execute();
    },
  };
}
