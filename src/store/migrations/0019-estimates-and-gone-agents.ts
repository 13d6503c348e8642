import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Which turns' tokens are estimated, and since when an agent of a definition file is gone, and why. */
export function createEstimatesAndGoneAgents(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('turns').addColumn('usage_estimated', 'integer').execute();
      await db.schema.alterTable('agent_files').addColumn('retired_at', text).execute();
      await db.schema.alterTable('agent_files').addColumn('deleted_at', text).execute();
    },
  };
}
