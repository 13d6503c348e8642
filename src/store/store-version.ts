import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** The minor version of this code's tables. Goes up with the version in package.json. */
export const STORE_MINOR = '0.3';

/**
 * The oldest minor version that may use these tables: one below, because within it migrations only add. A migration that
 * takes something away raises this to the version that no longer needs it.
 */
const USABLE_SINCE = '0.2';

/** There is one row. */
const ONLY = 1;

/** Names of migrations that a store has and this code does not know. */
export async function unknownMigrations(db: Kysely<Database>, known: readonly string[]): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !known.includes(name));
}

/** The oldest minor version that may use the store, as the newest version that made its tables says; if any says so. */
export async function usableSince(db: Kysely<Database>): Promise<string | undefined> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'store_versions')) return undefined;
  const row = await db
    .selectFrom('store_versions')
    .select('usable_since')
    .where('id', '=', ONLY)
    .executeTakeFirst();
  return row?.usable_since;
}

/** Writes down, for older versions, which of them may use these tables. */
export async function noteVersion(db: Kysely<Database>): Promise<void> {
  // Every start of a process comes here, and most find it written already.
  if ((await usableSince(db)) === USABLE_SINCE) return;
  const row = { version: STORE_MINOR, usable_since: USABLE_SINCE };
  await db
    .insertInto('store_versions')
    .values({ id: ONLY, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Whether a minor version, such as `0.3`, comes before another. */
export function isBefore(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
