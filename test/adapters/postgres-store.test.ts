import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import { Client, Pool } from 'pg';
import { createStore } from '../../src/store/create-store.ts';
import { withoutPassword } from '../../src/store/postgres-error.ts';
import type { Database } from '../../src/store/schema.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { findPostgres, POSTGRES_MISSING, type PostgresCluster, startPostgres } from '../support/postgres.ts';
import { admitted, at, completed, DIGESTS, range } from './store-suite/fixtures.ts';
import { storeSuite } from './store-suite/store-suite.ts';

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;

describeHere(`the PostgreSQL store${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  storeSuite(async () => {
    const url = await cluster.createDatabase();
    const again = () => createStore({ kind: 'postgres', url });
    const database = () =>
      new Kysely<Database>({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }) });
    return { store: await again(), again, database };
  });

  it('makes its tables once when several processes start at the same time', async () => {
    const url = await cluster.createDatabase();
    const stores = await Promise.all(range(4).map(() => createStore({ kind: 'postgres', url })));
    for (const store of stores) {
      await store.ping();
      await store[Symbol.asyncDispose]();
    }
    expect(stores.map(({ kind }) => kind)).toEqual(range(4).map(() => 'postgres'));
  });

  it('goes on while a newer version changes the tables', async () => {
    const url = await cluster.createDatabase();
    await using store = await createStore({ kind: 'postgres', url });
    await admitted(store, 'before', { sessionId: 's' });
    await store.turns.begin('before', DIGESTS, at(1));
    const turn = await store.turns.get('before');
    const newer = new Client(url);
    await newer.connect();
    for (const table of ['turns', 'sessions'])
      await newer.query(`alter table ${table} add column extra text`);
    await newer.end();
    expect(await store.turns.get('before')).toEqual(turn);
    expect((await admitted(store, 'after', { sessionId: 's' })).ordinal).toBe(2);
    expect(await store.turns.end(completed('before'))).toMatchObject({ ended: true, next: { id: 'after' } });
  });

  it('has the intent of a tool that is executed once on disk, whatever the database is set to', async () => {
    const url = await cluster.createDatabase();
    const client = new Client(url);
    await client.connect();
    await client.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    await client.end();
    await using store = await createStore({ kind: 'postgres', url });
    const look = new Client(url);
    await look.connect();
    // What the setting is when the transaction that wrote the row is committed.
    await look.query(`create table settings (call_id text, setting text);
      create function note() returns trigger language plpgsql as $$ begin
        insert into settings values (new.call_id, current_setting('synchronous_commit')); return null; end $$;
      create constraint trigger noted after insert on ledger deferrable initially deferred
        for each row execute function note()`);
    const intent = { turnId: 't', tool: 'run_command', at: at(1) };
    await store.ledger.begin({ ...intent, callId: 'once', again: false });
    await store.ledger.begin({ ...intent, callId: 'often', again: true });
    const { rows } = await look.query('select call_id, setting from settings order by call_id');
    await look.end();
    expect(rows).toEqual([
      { call_id: 'often', setting: 'off' },
      { call_id: 'once', setting: 'on' },
    ]);
  });

  it('says what is wrong when the database does not answer', async () => {
    const url = (await cluster.createDatabase()).replace(/store_\d+/, 'nobody');
    const attempt = createStore({ kind: 'postgres', url });
    await expect(attempt).rejects.toThrow(StoreError);
    await expect(attempt).rejects.toMatchObject({ fault: 'unavailable' });
    await expect(createStore({ kind: 'postgres', url: 'postgres://u:secret@127.0.0.1:1/x' })).rejects.toThrow(
      /PostgreSQL at postgres:\/\/u:\*\*\*@127\.0\.0\.1:1\/x does not answer \(ECONNREFUSED/,
    );
  });

  it('shows no password', () => {
    expect(withoutPassword('postgres://ada:p%40ss@db/x?password=abc&a=b')).toBe(
      'postgres://ada:***@db/x?password=***&a=b',
    );
    expect(withoutPassword('postgres:///x?host=/run')).toBe('postgres:///x?host=/run');
  });
});
