import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;
type Text = ReturnType<typeof columnTypes>['text'];

/** Profiles, connections, flows, their secrets, credentials and webhooks. */
export function createManagedAuth(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Db) {
      await createProfiles(db, text);
      await createConnections(db, text);
      await createFlows(db, text);
      await createSubmits(db, text);
      await createTimeline(db, text);
      await createHandoffs(db, text);
      await createCredentials(db, text);
      await createSecrets(db, text);
      await createWebhooks(db, text);
      await createWaiters(db, text);
    },
  };
}

async function createProfiles(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_profiles')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('last_used_at', text)
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await createIndex(db, 'auth_profiles', 'by_creation', ['created_at', 'id']);
  await db.schema
    .createTable('auth_profile_states')
    .addColumn('profile_id', text, (column) =>
      column.primaryKey().references('auth_profiles.id').onDelete('cascade'),
    )
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .execute();
}

async function createConnections(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_connections')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('profile_id', text, (column) => column.notNull().references('auth_profiles.id'))
    .addColumn('domain', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('flow_id', text)
    .addColumn('last_auth_check_at', text)
    .addColumn('can_reauth', 'integer', (column) => column.notNull())
    .addColumn('can_reauth_reason', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('post_login_url', text)
    .addColumn('settings', text, (column) => column.notNull())
    .addColumn('learnt', text)
    .addUniqueConstraint('auth_connections_one_each', ['profile_id', 'domain'])
    .execute();
  await createIndex(db, 'auth_connections', 'by_creation', ['created_at', 'id']);
  await createIndex(db, 'auth_connections', 'by_domain', ['domain', 'created_at', 'id']);
  await db.schema
    .createTable('auth_connection_changes')
    .addColumn('connection_id', text, (column) =>
      column.notNull().references('auth_connections.id').onDelete('cascade'),
    )
    .addColumn('change_id', text, (column) => column.notNull())
    .addColumn('changed_at', text, (column) => column.notNull())
    .addColumn('deliveries', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_connection_changes_pk', ['connection_id', 'change_id'])
    .execute();
  await createIndex(db, 'auth_connection_changes', 'by_time', ['changed_at']);
}

async function createFlows(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_flows')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('connection_id', text, (column) =>
      column.notNull().references('auth_connections.id').onDelete('cascade'),
    )
    .addColumn('type', text, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('step', text, (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('interaction_id', text)
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('view_at', text, (column) => column.notNull())
    .addColumn('ended_at', text)
    .addColumn('started_by', text)
    .addColumn('view', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'auth_flows', 'of_connection', ['connection_id', 'created_at', 'id']);
  await db.schema
    .createIndex('auth_flows_in_progress')
    .on('auth_flows')
    .column('expires_at')
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
}

async function createSubmits(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_shown')
    .addColumn('flow_id', text, (column) => column.notNull().references('auth_flows.id').onDelete('cascade'))
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('interaction_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_shown_pk', ['flow_id', 'client'])
    .execute();
  await db.schema
    .createTable('auth_submits')
    .addColumn('flow_id', text, (column) => column.notNull().references('auth_flows.id').onDelete('cascade'))
    .addColumn('body_hash', text, (column) => column.notNull())
    .addColumn('interaction_id', text, (column) => column.notNull())
    .addColumn('submitted_at', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_submits_pk', ['flow_id', 'body_hash'])
    .execute();
  await createIndex(db, 'auth_submits', 'by_time', ['submitted_at']);
}

async function createTimeline(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_timeline')
    .addColumn('connection_id', text, (column) =>
      column.notNull().references('auth_connections.id').onDelete('cascade'),
    )
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('type', text, (column) => column.notNull())
    .addColumn('happened_at', text, (column) => column.notNull())
    .addColumn('event', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_timeline_pk', ['connection_id', 'id'])
    .execute();
  await createIndex(db, 'auth_timeline', 'by_time', ['connection_id', 'happened_at', 'id']);
  await createIndex(db, 'auth_timeline', 'by_type', ['connection_id', 'type', 'happened_at', 'id']);
}

async function createHandoffs(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_handoffs')
    .addColumn('code_hash', text, (column) => column.primaryKey())
    .addColumn('connection_id', text, (column) =>
      column.notNull().references('auth_connections.id').onDelete('cascade'),
    )
    .addColumn('flow_id', text, (column) => column.notNull())
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('exchanged_at', text)
    .addColumn('used_at', text)
    .execute();
  await createIndex(db, 'auth_handoffs', 'of_connection', ['connection_id']);
  await createIndex(db, 'auth_handoffs', 'by_expiry', ['expires_at']);
}

async function createCredentials(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_credentials')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('domain', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('has_values', 'integer', (column) => column.notNull())
    .addColumn('has_totp_secret', 'integer', (column) => column.notNull())
    .addColumn('sso_provider', text)
    .addColumn('value_keys', text, (column) => column.notNull())
    .addColumn('sealed', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'auth_credentials', 'by_creation', ['created_at', 'id']);
  await createIndex(db, 'auth_credentials', 'by_domain', ['domain', 'created_at', 'id']);
  // A credential may also be a provider's, which this store does not have.
  await db.schema
    .createTable('auth_totp_uses')
    .addColumn('credential_id', text, (column) => column.notNull())
    .addColumn('step', 'integer', (column) => column.notNull())
    .addColumn('used_at', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_totp_uses_pk', ['credential_id', 'step'])
    .execute();
  await createIndex(db, 'auth_totp_uses', 'by_time', ['used_at']);
}

async function createSecrets(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_secrets')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('flow_id', text, (column) => column.notNull().references('auth_flows.id').onDelete('cascade'))
    .addColumn('interaction_id', text, (column) => column.notNull())
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('sealed', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'auth_secrets', 'of_flow', ['flow_id']);
  await createIndex(db, 'auth_secrets', 'by_expiry', ['expires_at']);
  await db.schema
    .createTable('auth_parked')
    .addColumn('flow_id', text, (column) =>
      column.primaryKey().references('auth_flows.id').onDelete('cascade'),
    )
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('sealed', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'auth_parked', 'by_expiry', ['expires_at']);
}

async function createWebhooks(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('url', text, (column) => column.notNull())
    .addColumn('events', text, (column) => column.notNull())
    .addColumn('sealed_secret', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('webhook_id', text, (column) => column.notNull().references('webhooks.id').onDelete('cascade'))
    .addColumn('type', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('last_status', 'integer')
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('pending_since', text, (column) => column.notNull())
    .addColumn('ended_at', text)
    .addColumn('delivered_at', text)
    .addColumn('last_error', text)
    .addColumn('payload', text, (column) => column.notNull())
    .execute();
  await createIndex(db, 'webhook_deliveries', 'of_webhook', ['webhook_id', 'created_at', 'id']);
  await db.schema
    .createIndex('webhook_deliveries_by_end')
    .on('webhook_deliveries')
    .column('ended_at')
    .where(sql.ref('ended_at'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('webhook_deliveries_pending')
    .on('webhook_deliveries')
    .column('pending_since')
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
}

async function createWaiters(db: Db, text: Text): Promise<void> {
  await db.schema
    .createTable('auth_waiters')
    .addColumn('connection_id', text, (column) =>
      column.notNull().references('auth_connections.id').onDelete('cascade'),
    )
    .addColumn('call_id', text, (column) => column.notNull())
    .addColumn('turn_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_waiters_pk', ['connection_id', 'call_id'])
    .execute();
  await createIndex(db, 'auth_waiters', 'of_call', ['call_id']);
}

async function createIndex(db: Db, table: string, name: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_${name}`).on(table).columns(columns).execute();
}
