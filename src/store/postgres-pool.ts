import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient, type QueryConfig, type QueryResult, types } from 'pg';
import { isStalePlan, isUnanswered, postgresError } from './postgres-error.ts';

const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
/** From when on the operating system probes an idle connection, in milliseconds. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** Statements that a connection keeps prepared; an odd one beyond them is parsed each time. */
const PREPARED_STATEMENTS = 200;

export interface PostgresPoolOptions {
  /**
   * How long a statement may take, in milliseconds; then its connection is taken for dead, and so is every other one of its
   * age. 0: for ever, as a migration may need.
   */
  answerWithinMs: number;
}

/** Connections to a database, with prepared statements (half the time of others) and errors as people need them. */
export function createPostgresPool(
  url: string,
  where: string,
  { answerWithinMs }: PostgresPoolOptions,
): PostgresPool {
  const pool = createPool(url, answerWithinMs);
  const nameOf = createStatementNames();
  const trust = createTrust();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        return toClient(await connectTrusted(pool, trust), { nameOf, where, trust });
      } catch (error) {
        throw postgresError(error, where);
      }
    },
  };
}

/**
 * Which connections may still work. A network that forgets its connections closes none of them: the first that does not
 * answer tells of all that were made before, which else would each be waited for.
 */
interface Trust {
  accept(client: PoolClient): boolean;
  /** This one did not answer in time. */
  lose(client: PoolClient): void;
}

function createTrust(): Trust {
  const generations = new WeakMap<PoolClient, number>();
  let current = 0;
  const generationOf = (client: PoolClient): number => {
    const known = generations.get(client) ?? current;
    generations.set(client, known);
    return known;
  };
  return {
    accept: (client) => generationOf(client) === current,
    lose(client) {
      if (generationOf(client) === current) current += 1;
    },
  };
}

async function connectTrusted(pool: Pool, trust: Trust): Promise<PoolClient> {
  for (;;) {
    const client = await pool.connect();
    if (trust.accept(client)) return client;
    client.release(true);
  }
}

function createPool(connectionString: string, answerWithinMs: number): Pool {
  const pool = new Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'longturn',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    ...(answerWithinMs > 0 && {
      query_timeout: answerWithinMs,
      // The server gives up as well, above all the locks of a client that it cannot see is gone; a little earlier, so that
      // who waits for such a lock still gets it.
      statement_timeout: answerWithinMs,
      idle_in_transaction_session_timeout: Math.ceil(answerWithinMs * 0.8),
    }),
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
  // One in use broke: its query fails and says why. Unheard, the event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= PREPARED_STATEMENTS) return known;
    const name = `longturn_${names.size}`;
    names.set(text, name);
    return name;
  };
}

interface ClientDeps {
  nameOf(text: string): string | undefined;
  where: string;
  trust: Trust;
}

function toClient(client: PoolClient, { nameOf, where, trust }: ClientDeps): PostgresPoolClient {
  /** The pool does not get it back: its plans are of before, or its end is near though it has not come yet. */
  let isSpent = false;
  let lost: unknown;
  const run = (config: QueryConfig): Promise<QueryResult> =>
    client.query(config).catch((error: unknown) => {
      const meaning = postgresError(error, where);
      isSpent ||= meaning !== error || isStalePlan(error);
      if (isUnanswered(error)) {
        lost = meaning;
        trust.lose(client);
      }
      throw meaning;
    });
  const query = async (text: string, parameters: readonly unknown[]): Promise<QueryResult> => {
    // For example the rollback of a transaction that got no answer, which would wait just as long.
    if (lost) throw lost;
    const values = [...parameters];
    const name = values.length > 0 ? nameOf(text) : undefined;
    if (name === undefined) return run({ text, values });
    return run({ name, text, values }).catch((error: unknown) => {
      if (!isStalePlan(error)) throw error;
      // Outside a transaction this simply works; inside, the transaction is run again on another connection.
      return run({ text, values });
    });
  };
  const release = (discard?: boolean) => client.release(isSpent || discard);
  return { query, release } as unknown as PostgresPoolClient;
}
