import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;

/** Approvals, grants and the uses of grants. */
export function createApprovals(kind: StoreKind): Migration {
  return {
    async up(db: Db) {
      await createApprovalTable(db, kind);
      await createApprovalIndexes(db);
      await createGrants(db, kind);
      await createGrantUses(db, kind);
    },
  };
}

async function createApprovalTable(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('approvals')
    .addColumn('call_id', text, (column) => column.primaryKey())
    .addColumn('turn_id', text, (column) => column.notNull())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('tool', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('input_digest', text, (column) => column.notNull())
    .addColumn('allowed_actions', text, (column) => column.notNull())
    .addColumn('requested_at', text, (column) => column.notNull())
    .addColumn('expires_at', text)
    .addColumn('action', text)
    .addColumn('decided_by', text)
    .addColumn('via', text)
    .addColumn('decided_at', text)
    .addColumn('grant_id', text)
    .addColumn('decision_id', text)
    .addColumn('message', text)
    .addColumn('input', text, (column) => column.notNull())
    .addColumn('edited_input', text)
    .execute();
}

async function createApprovalIndexes(db: Db): Promise<void> {
  await db.schema
    .createIndex('approvals_by_status')
    .on('approvals')
    .columns(['status', 'requested_at', 'call_id'])
    .execute();
  await db.schema
    .createIndex('approvals_in_session')
    .on('approvals')
    .columns(['session_id', 'status', 'requested_at', 'call_id'])
    .execute();
  await db.schema
    .createIndex('approvals_in_turn')
    .on('approvals')
    .columns(['turn_id', 'requested_at', 'call_id'])
    .execute();
}

async function createGrants(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('grants')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('turn_id', text, (column) => column.notNull())
    .addColumn('call_id', text, (column) => column.notNull())
    .addColumn('tool', text, (column) => column.notNull())
    .addColumn('locus', text, (column) => column.notNull())
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('matcher', text)
    .addColumn('granted_by', text, (column) => column.notNull())
    .addColumn('granted_at', text, (column) => column.notNull())
    .addColumn('expires_at', text)
    .addColumn('max_uses', 'integer')
    .addColumn('uses', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('revoked_at', text)
    .execute();
  await db.schema
    .createIndex('grants_in_session')
    .on('grants')
    .columns(['session_id', 'granted_at', 'id'])
    .execute();
}

async function createGrantUses(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('grant_uses')
    .addColumn('grant_id', text, (column) => column.notNull().references('grants.id'))
    .addColumn('call_id', text, (column) => column.notNull())
    .addColumn('used_at', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('grant_uses_pk', ['grant_id', 'call_id'])
    .execute();
}
