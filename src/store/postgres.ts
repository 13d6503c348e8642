import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type Transaction,
} from 'kysely';
import { Pool, types } from 'pg';
import { createDatabaseStore } from './database-store.ts';
import { migrate } from './migrate.ts';
import { isSerializationFailure, postgresError, withoutPassword } from './postgres-error.ts';
import { createPostgresNoteSearch } from './postgres-note-search.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
const WRITE_ATTEMPTS = 5;

/**
 * A store in a PostgreSQL database (11 or newer). `url` may name a unix socket: `postgres:///name?host=/folder`.
 * Throws {@link StoreError} when it does not answer or was made by a newer version.
 */
export async function createPostgresStore({ url }: { url: string }): Promise<Store> {
  const where = withoutPassword(url);
  const pool = createPool(url);
  const dialect = new PostgresDialect({ pool: translatingPool(pool, where) });
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
  });
}

function createPool(connectionString: string): Pool {
  const pool = new Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'longturn',
    types: {
      // Counts and token sums come as int8; none of ours outgrows a safe integer.
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === types.builtins.INT8
          ? Number
          : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // An idle connection broke: the pool has dropped it, and the next query opens another or says why not.
  pool.on('error', () => {});
  return pool;
}

/** The pool, with errors as people need them. */
function translatingPool(pool: Pool, where: string): PostgresPool {
  const translated = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      throw postgresError(error, where);
    }
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await translated(pool.connect());
      const query = (sql: string, parameters: readonly unknown[]) =>
        translated(client.query(sql, [...parameters]));
      return {
        query,
        release: (discard?: boolean) => client.release(discard),
      } as unknown as PostgresPoolClient;
    },
  };
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
