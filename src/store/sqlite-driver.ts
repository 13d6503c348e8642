import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Mutex } from 'async-mutex';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { isBusy, sqliteError } from './sqlite-error.ts';

/** How long a write waits for other processes on the same file. */
const BUSY_TIMEOUT_MS = 5_000;
const KEPT_STATEMENTS = 500;

/**
 * Kysely's SQLite for `node:sqlite`. One connection: whoever holds it holds the database in this process. `durable` is the
 * same connection for single statements that outlive a power cut; what is committed otherwise is safe from every death of
 * a process, and on disk with the next checkpoint or the next durable statement.
 */
export function createSqliteDialects(
  database: DatabaseSync,
  file: string,
): { dialect: Dialect; durable: Dialect } {
  const turnstile = new Mutex();
  const run = createRunner(database);
  const close = async () => database.close();
  const stayOpen = async () => {};
  return {
    dialect: dialectOf(() => createSqliteDriver(database, file, { turnstile, run, destroy: close })),
    durable: dialectOf(() =>
      createSqliteDriver(database, file, { turnstile, run: durably(database, run), destroy: stayOpen }),
    ),
  };
}

/** Waits for the disk with each statement: the write-ahead log is synchronised as it is committed, with all before it. */
function durably(database: DatabaseSync, run: Runner): Runner {
  return (query) => {
    database.exec('pragma synchronous = full');
    try {
      return run(query);
    } finally {
      database.exec('pragma synchronous = normal');
    }
  };
}

function dialectOf(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** SQLite as this driver serves it. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  /** Our own turnstile stands before the connection: unlike Kysely's, it opens while a write waits. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** Migrations run in one `begin immediate`, so two processes cannot mix. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

interface DriverParts {
  turnstile: Mutex;
  run: Runner;
  destroy(): Promise<void>;
}

function createSqliteDriver(
  database: DatabaseSync,
  file: string,
  { turnstile, run, destroy }: DriverParts,
): Driver {
  // Waits outside the turnstile, so that readers of this process go on meanwhile.
  const runWhenFree = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    const deadline = performance.now() + BUSY_TIMEOUT_MS;
    for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 100)) {
      try {
        return run<R>(query);
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw sqliteError(error, file);
      }
      await pause(waitMs * (0.5 + Math.random()));
    }
  };
  const pause = async (waitMs: number) => {
    if (database.isTransaction) return delay(waitMs);
    turnstile.release();
    await delay(waitMs);
    await turnstile.acquire();
  };
  const connection: DatabaseConnection = {
    executeQuery: (query) => runWhenFree(query),
    streamQuery() {
      throw new Error('This store streams no queries.');
    },
  };
  const execute = async (sql: string) => {
    await runWhenFree(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    acquireConnection: async () => {
      await turnstile.acquire();
      return connection;
    },
    beginTransaction: () => execute('begin immediate'),
    commitTransaction: () => execute('commit'),
    // A full disk, for one, makes SQLite roll back by itself.
    rollbackTransaction: async () => (database.isTransaction ? execute('rollback') : undefined),
    releaseConnection: async () => turnstile.release(),
    destroy,
  };
}

type Runner = <R>(query: CompiledQuery) => QueryResult<R>;

function createRunner(database: DatabaseSync): Runner {
  const statements = new Map<string, { statement: StatementSync; reads: boolean }>();

  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const prepared = { statement, reads: statement.columns().length > 0 };
    if (statements.size >= KEPT_STATEMENTS) statements.clear();
    statements.set(sql, prepared);
    return prepared;
  };
  return <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
    const { statement, reads } = prepare(sql);
    const values = parameters as readonly SQLInputValue[];
    if (reads) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  };
}
