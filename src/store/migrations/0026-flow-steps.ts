import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** What was seen and done on each page of a login. */
export function createFlowSteps(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('auth_flow_steps')
        .addColumn('flow_id', text, (column) =>
          column.notNull().references('auth_flows.id').onDelete('cascade'),
        )
        .addColumn('n', 'integer', (column) => column.notNull())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('step', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('auth_flow_steps_pk', ['flow_id', 'n'])
        .execute();
    },
  };
}
