import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { createDatabaseStore } from './database-store.ts';
import { migrate } from './migrate.ts';
import { isSerializationFailure, withoutPassword } from './postgres-error.ts';
import { createPostgresNoteSearch } from './postgres-note-search.ts';
import { createPostgresPool } from './postgres-pool.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

const WRITE_ATTEMPTS = 5;

/**
 * A store in a PostgreSQL database (11 or newer). `url` may name a unix socket: `postgres:///name?host=/folder`.
 * Throws {@link StoreError} when it does not answer or was made by a newer version.
 */
export async function createPostgresStore({ url }: { url: string }): Promise<Store> {
  const where = withoutPassword(url);
  const dialect = new PostgresDialect({ pool: createPostgresPool(url, where) });
  const db = new Kysely<Database>({ dialect });
  try {
    await migrate(db, 'postgres', where);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createDatabaseStore('postgres', {
    db,
    search: createPostgresNoteSearch(),
    write: (work) => writing(db, work),
    locked: (query) => query.forUpdate(),
    kept: (query) => query.forKeyShare(),
  });
}

async function writing<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isSerializationFailure(error) || attempt === WRITE_ATTEMPTS) throw error;
    }
  }
}
