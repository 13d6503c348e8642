import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;

/** Sessions, turns, idempotency keys and the event archive. */
export function createTurns(kind: StoreKind): Migration {
  return {
    async up(db: Db) {
      await createSessions(db, kind);
      await createTurnTable(db, kind);
      await createTurnIndexes(db);
      await createIdempotencyKeys(db, kind);
      await createTurnEvents(db, kind);
    },
  };
}

async function createSessions(db: Db, kind: StoreKind): Promise<void> {
  const { text, count } = columnTypes(kind);
  await db.schema
    .createTable('sessions')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('turn_count', 'integer', (column) => column.notNull())
    .addColumn('completed', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('failed', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('cancelled', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('input_tokens', count, (column) => column.notNull().defaultTo(0))
    .addColumn('output_tokens', count, (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('sessions_by_update').on('sessions').columns(['updated_at', 'id']).execute();
}

async function createTurnTable(db: Db, kind: StoreKind): Promise<void> {
  const { text, count } = columnTypes(kind);
  await db.schema
    .createTable('turns')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('session_id', text, (column) => column.notNull().references('sessions.id'))
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('waiting', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('starting_at', text)
    .addColumn('started_at', text)
    .addColumn('ended_at', text)
    .addColumn('input_tokens', count, (column) => column.notNull().defaultTo(0))
    .addColumn('output_tokens', count, (column) => column.notNull().defaultTo(0))
    .addColumn('digests', text)
    .addColumn('brief', text, (column) => column.notNull())
    .addColumn('outcome', text)
    .addColumn('limits', text, (column) => column.notNull())
    .addColumn('metadata', text, (column) => column.notNull())
    .addColumn('pending', text, (column) => column.notNull())
    .addColumn('error', text)
    .addColumn('client_tools', text, (column) => column.notNull())
    .addColumn('input', text, (column) => column.notNull())
    .addColumn('output', text)
    .execute();
}

async function createTurnIndexes(db: Db): Promise<void> {
  await db.schema
    .createIndex('turns_in_session')
    .unique()
    .on('turns')
    .columns(['session_id', 'ordinal'])
    .execute();
  await db.schema
    .createIndex('turns_one_at_a_time')
    .unique()
    .on('turns')
    .column('session_id')
    .where(sql.ref('state'), 'in', sql`('starting', 'running')`)
    .execute();
  await db.schema
    .createIndex('turns_open')
    .on('turns')
    .columns(['session_id', 'ordinal'])
    .where(sql.ref('state'), 'in', sql`('queued', 'starting', 'running')`)
    .execute();
  await db.schema
    .createIndex('turns_by_creation')
    .on('turns')
    .columns(['created_at', 'ordinal', 'id'])
    .execute();
  await db.schema
    .createIndex('turns_by_agent')
    .on('turns')
    .columns(['agent', 'created_at', 'ordinal', 'id'])
    .execute();
  await db.schema
    .createIndex('turns_by_state')
    .on('turns')
    .columns(['state', 'waiting', 'created_at', 'ordinal', 'id'])
    .execute();
}

async function createIdempotencyKeys(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('token_id', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('body_digest', text, (column) => column.notNull())
    .addColumn('turn_id', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['token_id', 'key'])
    .execute();
  await db.schema
    .createIndex('idempotency_keys_by_creation')
    .on('idempotency_keys')
    .column('created_at')
    .execute();
}

async function createTurnEvents(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('turn_events')
    .addColumn('turn_id', text, (column) => column.notNull().references('turns.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('type', text, (column) => column.notNull())
    .addColumn('call_id', text)
    .addColumn('event', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('turn_events_pk', ['turn_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('turn_events_call_input')
    .on('turn_events')
    .columns(['turn_id', 'call_id'])
    .where(sql.ref('type'), 'in', sql`('tool_call.requested', 'approval.resolved')`)
    .execute();
}
