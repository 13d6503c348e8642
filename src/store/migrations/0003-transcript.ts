import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** What models answered, what became of tool executions, and the partial text of running steps. */
export function createTranscript(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('turn_steps')
        .addColumn('turn_id', text, (column) => column.notNull())
        .addColumn('step', 'integer', (column) => column.notNull())
        .addColumn('result', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('turn_steps_pk', ['turn_id', 'step'])
        .execute();
      await db.schema
        .createTable('ledger')
        .addColumn('call_id', text, (column) => column.primaryKey())
        .addColumn('turn_id', text, (column) => column.notNull())
        .addColumn('tool', text, (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull())
        .addColumn('executions', 'integer', (column) => column.notNull())
        .addColumn('started_at', text, (column) => column.notNull())
        .addColumn('ended_at', text)
        .addColumn('error', text)
        .addColumn('content', text)
        .execute();
      await db.schema
        .createTable('deltas')
        .addColumn('turn_id', text, (column) => column.notNull())
        .addColumn('step', 'integer', (column) => column.notNull())
        .addColumn('n', 'integer', (column) => column.notNull())
        .addColumn('delta', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('deltas_pk', ['turn_id', 'step', 'n'])
        .execute();
    },
  };
}
