import type { Kysely, Transaction } from 'kysely';
import type { ConnectionRecord } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, same } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { ConnectionRow } from './schema.ts';
import { unknownConnection } from './unknown.ts';

/** A connection with the name that its profile has now. */
export interface NamedConnectionRow extends ConnectionRow {
  profile_name: string;
}

/** All connections, each with the name of its profile. */
export function namedConnections(db: Kysely<Database>) {
  return db
    .selectFrom('auth_connections')
    .innerJoin('auth_profiles', 'auth_profiles.id', 'auth_connections.profile_id')
    .selectAll('auth_connections')
    .select('auth_profiles.name as profile_name');
}

/** One connection. */
export function namedConnection(db: Kysely<Database>, id: string): Promise<NamedConnectionRow | undefined> {
  return namedConnections(db).where('auth_connections.id', '=', id).executeTakeFirst();
}

/** A connection that nobody else writes, nor anything of it, until the transaction ends. */
export async function lockConnection(
  { locked }: StoreContext,
  trx: Transaction<Database>,
  id: string,
): Promise<NamedConnectionRow | undefined> {
  const row = await locked(
    trx.selectFrom('auth_connections').select('id').where('id', '=', id),
  ).executeTakeFirst();
  return row && namedConnection(trx, id);
}

/** Keeps a connection from being deleted until the transaction ends. Throws {@link StoreError} `conflict` without it. */
export async function keepConnection(
  { kept }: StoreContext,
  trx: Transaction<Database>,
  id: string,
): Promise<void> {
  const row = await kept(
    trx.selectFrom('auth_connections').select('id').where('id', '=', id),
  ).executeTakeFirst();
  if (!row) throw unknownConnection(id);
}

export function toConnection(row: NamedConnectionRow): ConnectionRecord {
  return {
    id: row.id,
    profileId: row.profile_id,
    profileName: row.profile_name,
    domain: row.domain,
    status: row.status,
    settings: fromText<ConnectionRecord['settings']>(row.settings),
    ...optional('flowId', row.flow_id, same),
    ...optional('postLoginUrl', row.post_login_url, fromText<string>),
    ...optional('lastAuthCheckAt', row.last_auth_check_at, same),
    canReauth: row.can_reauth === 1,
    canReauthReason: row.can_reauth_reason,
    ...optional('learnt', row.learnt, fromText<NonNullable<ConnectionRecord['learnt']>>),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
