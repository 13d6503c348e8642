import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { createDatabaseStore } from './database-store.ts';
import { migrate } from './migrate.ts';
import { createSqliteNoteSearch } from './notes/sqlite-note-search.ts';
import type { Database } from './schema.ts';
import { checkSqliteFile } from './sqlite-check.ts';
import { createSqliteDialects } from './sqlite-driver.ts';
import { isBusy, sqliteError } from './sqlite-error.ts';
import type { Store } from './store.ts';

/** How long SQLite itself waits for a lock; it blocks the process meanwhile, so the longer waiting is ours. */
const LOCK_WAIT_MS = 50;
const OPEN_ATTEMPTS = 100;

/**
 * A store in one SQLite file, made when it is not there; several processes on one host may share it.
 * Throws {@link StoreError} when the file is damaged, cannot be opened, or was made by a newer version.
 */
export async function createSqliteStore({ file }: { file: string }): Promise<Store> {
  await checkSqliteFile(file);
  const database = await open(file);
  const { dialect, durable } = createSqliteDialects(database, file);
  const db = new Kysely<Database>({ dialect });
  try {
    await migrate(db, 'sqlite', file);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createDatabaseStore('sqlite', {
    db,
    durable: { db: new Kysely<Database>({ dialect: durable }) },
    search: createSqliteNoteSearch(),
    write: (work) => db.transaction().execute(work),
    locked: (query) => query,
    kept: (query) => query,
  });
}

async function open(file: string): Promise<DatabaseSync> {
  const database = openFile(file);
  try {
    await setUp(database);
    return database;
  } catch (error) {
    database.close();
    throw sqliteError(error, file);
  }
}

function openFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: LOCK_WAIT_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    throw sqliteError(error, file);
  }
}

/** Changing to WAL needs the file alone, and SQLite does not wait for that. */
async function setUp(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('pragma journal_mode = wal; pragma synchronous = normal');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === OPEN_ATTEMPTS) throw error;
      await delay(20);
    }
  }
}
