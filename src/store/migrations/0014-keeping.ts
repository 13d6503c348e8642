import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;

/** What is left of deleted turns, the marks of deletion, and indexes for gauges, retention and deletion. */
export function createKeeping(kind: StoreKind): Migration {
  return {
    async up(db: Db) {
      await addMarks(db, kind);
      await createTombstones(db, kind);
      await createOrphans(db, kind);
      await createIndexes(db);
      await indexSnapshotUse(db, kind);
    },
  };
}

async function addMarks(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  for (const table of ['turns', 'sessions']) {
    await db.schema.alterTable(table).addColumn('deleted_at', text).execute();
    await db.schema.alterTable(table).addColumn('deletion', text).execute();
  }
}

async function createTombstones(db: Db, kind: StoreKind): Promise<void> {
  const { text, count } = columnTypes(kind);
  await db.schema
    .createTable('tombstones')
    .addColumn('turn_id', text, (column) => column.primaryKey())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('started_at', text)
    .addColumn('ended_at', text, (column) => column.notNull())
    .addColumn('input_tokens', count, (column) => column.notNull())
    .addColumn('output_tokens', count, (column) => column.notNull())
    .addColumn('event_count', 'integer', (column) => column.notNull())
    .addColumn('chain', text, (column) => column.notNull())
    .addColumn('input_digest', text, (column) => column.notNull())
    .addColumn('output_digest', text)
    .addColumn('deleted_at', text, (column) => column.notNull())
    .addColumn('deletion', text, (column) => column.notNull())
    .addColumn('emptied_at', text)
    .addColumn('erased_at', text)
    .execute();
  await db.schema
    .createIndex('tombstones_unfinished')
    .on('tombstones')
    .columns(['deleted_at', 'turn_id'])
    .where(sql.ref('erased_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('tombstones_in_session')
    .on('tombstones')
    .columns(['session_id', 'ordinal'])
    .execute();
}

/** Snapshots that a deleted turn had pinned, until it is known whether anything else pins them. */
async function createOrphans(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('orphans')
    .addColumn('digest', text, (column) => column.primaryKey())
    .execute();
}

async function createIndexes(db: Db): Promise<void> {
  await db.schema
    .createIndex('turns_by_end')
    .on('turns')
    .columns(['ended_at', 'id'])
    .where(sql<boolean>`ended_at is not null and deleted_at is null`)
    .execute();
  await db.schema
    .createIndex('turns_being_deleted')
    .on('turns')
    .columns(['deleted_at', 'id'])
    .where(sql.ref('deleted_at'), 'is not', null)
    .execute();
  await db.schema.createIndex('ledger_of_turn').on('ledger').column('turn_id').execute();
  await db.schema
    .createIndex('ledger_unknown')
    .on('ledger')
    .column('started_at')
    .where(sql.ref('state'), '=', sql`'unknown'`)
    .execute();
  await db.schema
    .createIndex('ledger_content_by_end')
    .on('ledger')
    .column('ended_at')
    .where(sql.ref('content'), 'is not', null)
    .execute();
  await db.schema.createIndex('grants_of_turn').on('grants').column('turn_id').execute();
  await db.schema.createIndex('idempotency_keys_of_turn').on('idempotency_keys').column('turn_id').execute();
  await db.schema.createIndex('auth_waiters_of_turn').on('auth_waiters').column('turn_id').execute();
}

/** Which turns pin a snapshot: without these, one deletion would read every turn. */
async function indexSnapshotUse(db: Db, kind: StoreKind): Promise<void> {
  for (const name of ['definition', 'catalogue']) {
    const pinned = sql.raw(
      kind === 'sqlite' ? `json_extract(digests, '$.${name}')` : `((digests::jsonb) ->> '${name}')`,
    );
    await sql`create index ${sql.ref(`turns_by_${name}`)} on turns (${pinned}) where digests is not null`.execute(
      db,
    );
  }
}
