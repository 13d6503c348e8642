import { type Kysely, sql } from 'kysely';
import type { CredentialRecord, CredentialStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, plainText, toText } from '../json-text.ts';
import { contains, offsetPage } from '../offset-page.ts';
import type { Database } from '../schema.ts';
import type { CredentialRow } from './schema.ts';
import { unlessTaken } from './unique-name.ts';

export function createCredentials({ db }: StoreContext): CredentialStore {
  return {
    async create(credential) {
      const row = await db
        .insertInto('auth_credentials')
        .values(toRow(credential))
        // Writes the row although nothing changes, so that it is returned also where another transaction inserts it.
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ name: sql`excluded.name` }))
        .returningAll()
        .executeTakeFirstOrThrow();
      return { created: row.id === credential.id, credential: toCredential(row) };
    },
    async find(idOrName) {
      const key = plainText(idOrName);
      const rows = await db
        .selectFrom('auth_credentials')
        .selectAll()
        .where((of) => of.or([of('id', '=', key), of('name', '=', key)]))
        .execute();
      const row = rows.find(({ id }) => id === key) ?? rows[0];
      return row && toCredential(row);
    },
    list: (query) => list(db, query),
    replace: (credential, updatedAt) => replace(db, credential, updatedAt),
    async delete(id) {
      const deleted = await db
        .deleteFrom('auth_credentials')
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      return deleted !== undefined;
    },
    async useTotp(credentialId, step, at) {
      const used = await db
        .insertInto('auth_totp_uses')
        .values({ credential_id: plainText(credentialId), step, used_at: at })
        .onConflict((conflict) => conflict.columns(['credential_id', 'step']).doNothing())
        .returning('step')
        .executeTakeFirst();
      return used !== undefined;
    },
  };
}

async function list(
  db: Kysely<Database>,
  { domain, query, limit, offset }: Parameters<CredentialStore['list']>[0],
): ReturnType<CredentialStore['list']> {
  const search = query ?? '';
  const rows = await db
    .selectFrom('auth_credentials')
    .selectAll()
    .$if(domain !== undefined, (some) => some.where('domain', '=', plainText(domain ?? '')))
    .$if(search !== '', (some) =>
      some.where((of) => of.or([contains('name', search), contains('domain', search)])),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .offset(offset)
    .execute();
  return offsetPage(rows, limit, toCredential);
}

async function replace(
  db: Kysely<Database>,
  credential: CredentialRecord,
  updatedAt: string,
): Promise<boolean> {
  const { id, created_at: _kept, ...row } = toRow(credential);
  const replaced = await unlessTaken(
    db
      .updateTable('auth_credentials')
      .set({ ...row, updated_at: after(updatedAt, credential.updated_at) })
      .where('id', '=', id)
      .where('updated_at', '=', updatedAt)
      .returning('id')
      .executeTakeFirst(),
  );
  return replaced !== false && replaced !== undefined;
}

/** `at`, or an instant after `before`, so that two writers within one millisecond do not both match the instant that they read. */
function after(before: string, at: string): string {
  return Date.parse(at) > Date.parse(before) ? at : new Date(Date.parse(before) + 1).toISOString();
}

function toRow(credential: CredentialRecord): CredentialRow {
  return {
    id: credential.id,
    name: plainText(credential.name),
    domain: plainText(credential.domain),
    created_at: credential.created_at,
    updated_at: credential.updated_at,
    has_values: credential.has_values ? 1 : 0,
    has_totp_secret: credential.has_totp_secret ? 1 : 0,
    sso_provider: credential.sso_provider === null ? null : toText(credential.sso_provider),
    value_keys: toText(credential.value_keys),
    sealed: credential.sealed,
  };
}

function toCredential(row: CredentialRow): CredentialRecord {
  return {
    id: row.id,
    name: row.name,
    domain: row.domain,
    sso_provider: null,
    ...optional('sso_provider', row.sso_provider, fromText<string>),
    has_values: row.has_values === 1,
    has_totp_secret: row.has_totp_secret === 1,
    value_keys: fromText<string[]>(row.value_keys),
    created_at: row.created_at,
    updated_at: row.updated_at,
    sealed: row.sealed,
  };
}
