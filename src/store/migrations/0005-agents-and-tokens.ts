import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;

/** Agent definitions, the files they came from, what turns pin of them, and API tokens. */
export function createAgentsAndTokens(kind: StoreKind): Migration {
  return {
    async up(db: Db) {
      await createAgents(db, kind);
      await createTokens(db, kind);
    },
  };
}

async function createAgents(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('agents')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('digest', text, (column) => column.notNull())
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('definition', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('agent_files')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('file_digest', text, (column) => column.notNull())
    .addColumn('taken_at', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('snapshots')
    .addColumn('digest', text, (column) => column.primaryKey())
    .addColumn('value', text, (column) => column.notNull())
    .execute();
}

async function createTokens(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('tokens')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('scopes', text, (column) => column.notNull())
    .addColumn('secret_hash', text, (column) => column.notNull().unique())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('expires_at', text)
    .addColumn('last_used_at', text)
    .execute();
  await db.schema.createIndex('tokens_by_creation').on('tokens').columns(['created_at', 'id']).execute();
}
