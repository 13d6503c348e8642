import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { createPostgresStore } from '../../src/store/postgres.ts';
import { createPostgresPool } from '../../src/store/postgres-pool.ts';
import { poll } from '../support/poll.ts';
import { findPostgres, POSTGRES_MISSING, type PostgresCluster, startPostgres } from '../support/postgres.ts';
import { freePort } from '../support/processes.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { admitted, range } from './store-suite/fixtures.ts';

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;
const ANSWER_WITHIN_MS = 1_000;

describeHere(`a PostgreSQL that fails${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  let network: TcpProxy;
  let direct: string;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    cluster = await startPostgres({ port });
    direct = await cluster.createDatabase('store');
    network = await startTcpProxy(port);
    url = `postgres://longturn@127.0.0.1:${network.port}/store`;
  });
  afterAll(async () => {
    await network?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const query = (client: PostgresPoolClient, text: string) =>
    client.query(text, []) as unknown as Promise<{ rows: Record<string, unknown>[] }>;
  const openPool = (): PostgresPool => createPostgresPool(url, 'here', { answerWithinMs: ANSWER_WITHIN_MS });

  it('fails the transaction, and not the process, when the connection of one breaks between two statements', async () => {
    const pool = openPool();
    const client = await pool.connect();
    await query(client, 'begin');
    // Its end is told to a connection that waits for nothing.
    await cluster.dropConnections(direct);
    const broken = poll(
      () =>
        query(client, 'select 1')
          .then(() => undefined)
          .catch((error: unknown) => error),
      { what: 'a statement fails' },
    );
    expect(await broken).toMatchObject({ fault: 'unavailable' });
    client.release();
    const next = await pool.connect();
    expect((await query(next, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
    next.release();
    await pool.end();
  });

  it('hands nobody the connection whose end the server has told, even before that end has come', async () => {
    const pool = openPool();
    const client = await pool.connect();
    const ended = query(client, 'select pg_terminate_backend(pg_backend_pid())');
    await expect(ended).rejects.toMatchObject({ fault: 'unavailable' });
    client.release();
    const next = await pool.connect();
    expect((await query(next, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
    next.release();
    await pool.end();
  });

  it('notices a network that has gone silent, and gives up all connections of before at once', async () => {
    await using store = await createPostgresStore({ url, answerWithinMs: ANSWER_WITHIN_MS });
    await admitted(store, 'before', { sessionId: 'silent' });
    await Promise.all(range(10).map(() => store.turns.get('before')));
    network.freeze();
    network.thaw();
    await expect(store.turns.get('before')).rejects.toMatchObject({ fault: 'unavailable' });
    expect(await store.turns.get('before')).toMatchObject({ id: 'before' });
    expect(await admitted(store, 'after', { sessionId: 'silent' })).toMatchObject({ ordinal: 2 });
  });

  it("frees the locks of a client that the network has cut off, so that the next one's statement succeeds", async () => {
    const pool = openPool();
    const [one, other] = [await pool.connect(), await pool.connect()];
    await query(one, 'create table locked as select 1 as id');
    await query(one, 'begin');
    await query(one, 'select id from locked for update');
    network.freeze();
    network.thaw();
    await expect(query(one, 'select 1')).rejects.toMatchObject({ fault: 'unavailable' });
    // The rollback does not wait as long again.
    await expect(query(one, 'rollback')).rejects.toMatchObject({ fault: 'unavailable' });
    one.release();
    other.release();
    const third = await pool.connect();
    expect((await query(third, 'select id from locked for update')).rows).toEqual([{ id: 1 }]);
    third.release();
    await pool.end();
  });
});
