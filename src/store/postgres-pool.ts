import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient, types } from 'pg';
import { isStalePlan, postgresError } from './postgres-error.ts';

const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
/** Statements that a connection keeps prepared; an odd one beyond them is parsed each time. */
const PREPARED_STATEMENTS = 200;

/** Connections to a database, with prepared statements (half the time of others) and errors as people need them. */
export function createPostgresPool(url: string, where: string): PostgresPool {
  const pool = createPool(url);
  const nameOf = createStatementNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        return toClient(await pool.connect(), nameOf, where);
      } catch (error) {
        throw postgresError(error, where);
      }
    },
  };
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

function toClient(
  client: PoolClient,
  nameOf: (text: string) => string | undefined,
  where: string,
): PostgresPoolClient {
  let isStale = false;
  const query = async (text: string, parameters: readonly unknown[]) => {
    const values = [...parameters];
    const name = values.length > 0 ? nameOf(text) : undefined;
    try {
      return await client.query(name === undefined ? { text, values } : { name, text, values });
    } catch (error) {
      if (!isStalePlan(error)) throw postgresError(error, where);
      isStale = true;
    }
    // Outside a transaction this simply works; inside, the transaction is run again on another connection.
    return client.query({ text, values });
  };
  const release = (discard?: boolean) => client.release(isStale || discard);
  return { query, release } as unknown as PostgresPoolClient;
}
