import { type Kysely, sql, type Transaction } from 'kysely';
import type { ProfileRecord, ProfileStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { optional, plainText, same } from '../json-text.ts';
import { contains, offsetPage } from '../offset-page.ts';
import type { Database } from '../schema.ts';
import type { ProfileRow } from './schema.ts';
import { unlessTaken } from './unique-name.ts';
import { unknownProfile } from './unknown.ts';

type Trx = Transaction<Database>;

interface NewProfile {
  id: string;
  name: string;
  at: string;
}

export function createProfiles(context: StoreContext): ProfileStore {
  const { db, write } = context;
  return {
    ensure: async (profile) => toProfile(await ensureProfile(db, profile)),
    async create(profile) {
      const row = await db
        .insertInto('auth_profiles')
        .values(newRow(profile))
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returningAll()
        .executeTakeFirst();
      return row && toProfile(row);
    },
    async find(idOrName) {
      const key = plainText(idOrName);
      const rows = await db
        .selectFrom('auth_profiles')
        .selectAll()
        .where((of) => of.or([of('id', '=', key), of('name', '=', key)]))
        .execute();
      const row = rows.find(({ id }) => id === key) ?? rows[0];
      return row && toProfile(row);
    },
    list: (query) => list(db, query),
    async rename(id, name, at) {
      const row = await unlessTaken(
        db
          .updateTable('auth_profiles')
          .set({ name: plainText(name), updated_at: at })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst(),
      );
      return row && toProfile(row);
    },
    delete: (id) => write((trx) => deleteProfile(context, trx, id)),
    state: (id) =>
      db
        .selectFrom('auth_profile_states')
        .select(['state', 'version'])
        .where('profile_id', '=', id)
        .executeTakeFirst(),
    saveState: (save) => write((trx) => saveState(context, trx, save)),
    async touch(id, at) {
      await db.updateTable('auth_profiles').set({ last_used_at: at }).where('id', '=', id).execute();
    },
  };
}

/** The profile of a name, made on first use. In a transaction nobody else changes or deletes it until the end. */
export function ensureProfile(db: Kysely<Database>, profile: NewProfile): Promise<ProfileRow> {
  return (
    db
      .insertInto('auth_profiles')
      .values(newRow(profile))
      // Writes the row although nothing changes, so that it is locked and returned also where another transaction inserts it.
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ name: sql`excluded.name` }))
      .returningAll()
      .executeTakeFirstOrThrow()
  );
}

async function list(
  db: Kysely<Database>,
  { name, query, limit, offset }: Parameters<ProfileStore['list']>[0],
): ReturnType<ProfileStore['list']> {
  const rows = await db
    .selectFrom('auth_profiles')
    .selectAll()
    .$if(name !== undefined, (some) => some.where('name', '=', plainText(name ?? '')))
    .$if(query !== undefined, (some) => some.where(contains('name', query ?? '')))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .offset(offset)
    .execute();
  return offsetPage(rows, limit, toProfile);
}

async function deleteProfile(
  { locked }: StoreContext,
  trx: Trx,
  id: string,
): ReturnType<ProfileStore['delete']> {
  const profile = await locked(
    trx.selectFrom('auth_profiles').select('id').where('id', '=', id),
  ).executeTakeFirst();
  if (!profile) return 'missing';
  const user = await trx
    .selectFrom('auth_connections')
    .select('id')
    .where('profile_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (user) return 'in_use';
  await trx.deleteFrom('auth_profiles').where('id', '=', id).execute();
  return 'deleted';
}

async function saveState(
  { locked }: StoreContext,
  trx: Trx,
  { id, version, state, at }: Parameters<ProfileStore['saveState']>[0],
): Promise<boolean> {
  const profile = await locked(
    trx.selectFrom('auth_profiles').select('version').where('id', '=', id),
  ).executeTakeFirst();
  if (!profile) throw unknownProfile(id);
  if (profile.version !== version) return false;
  const saved = { version: version + 1, state };
  await trx
    .insertInto('auth_profile_states')
    .values({ profile_id: id, ...saved })
    .onConflict((conflict) => conflict.column('profile_id').doUpdateSet(saved))
    .execute();
  await trx
    .updateTable('auth_profiles')
    .set({ version: saved.version, updated_at: at })
    .where('id', '=', id)
    .execute();
  return true;
}

function newRow({ id, name, at }: NewProfile): ProfileRow {
  return {
    id,
    name: plainText(name),
    created_at: at,
    updated_at: at,
    last_used_at: null,
    version: 0,
  };
}

function toProfile(row: ProfileRow): ProfileRecord {
  return {
    id: row.id,
    name: row.name,
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...optional('last_used_at', row.last_used_at, same),
    version: row.version,
  };
}
