import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { createDatabaseStore } from './database-store.ts';
import { migrate } from './migrate.ts';
import { createPostgresNoteSearch } from './notes/postgres-note-search.ts';
import { isSerializationFailure, withoutPassword } from './postgres-error.ts';
import { createPostgresPool } from './postgres-pool.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

const WRITE_ATTEMPTS = 5;

/** How long a statement may take, in milliseconds: no statement of ours takes a tenth of it. */
const ANSWER_WITHIN_MS = 10_000;

export interface PostgresStoreOptions {
  /** May name a unix socket: `postgres:///name?host=/folder`. */
  url: string;
  /** How long a statement may take before its connection is taken for dead, in milliseconds; default 10 s. */
  answerWithinMs?: number;
}

/** Whatever a server, database or role is set to: the transaction that returns this is on disk once it is committed. */
const COMMITTED_TO_DISK = sql<string>`case current_setting('synchronous_commit')
  when 'off' then set_config('synchronous_commit', 'on', true)
  else current_setting('synchronous_commit') end`;

/**
 * A store in a PostgreSQL database (11 or newer).
 * Throws {@link StoreError} when it does not answer or was made by a newer version.
 */
export async function createPostgresStore({
  url,
  answerWithinMs = ANSWER_WITHIN_MS,
}: PostgresStoreOptions): Promise<Store> {
  const where = withoutPassword(url);
  await migrateAlone(url, where);
  const db = open(url, where, answerWithinMs);
  return createDatabaseStore('postgres', {
    db,
    durable: { db, durability: COMMITTED_TO_DISK },
    search: createPostgresNoteSearch(),
    write: (work) => writing(db, work),
    locked: (query) => query.forUpdate(),
    kept: (query) => query.forKeyShare(),
  });
}

function open(url: string, where: string, answerWithinMs: number): Kysely<Database> {
  const pool = createPostgresPool(url, where, { answerWithinMs });
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** On connections of its own: a migration, and whoever waits for it, may take long. */
async function migrateAlone(url: string, where: string): Promise<void> {
  const db = open(url, where, 0);
  try {
    await migrate(db, 'postgres', where);
  } finally {
    await db.destroy();
  }
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
