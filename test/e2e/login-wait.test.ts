import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { loginOf } from '../../src/core/auth/login-wait.ts';
import { openKeyring } from '../../src/process/open-keyring.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import { connectClient, localEngine } from '../../src/temporal/connect.ts';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { createNames, type Names } from '../../src/temporal/names.ts';
import { createTurnGateway } from '../../src/temporal/turn/create-turn-gateway.ts';
import { newConnection, setStatus } from '../support/connections.ts';
import { poll } from '../support/poll.ts';
import { useSystem } from '../support/system.ts';
import { timersStarted } from '../support/turn-history.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
const running = new AsyncDisposableStack();
let turns: Turns;
let store: Store;
let agent: string;
let names: Names;

beforeAll(async () => {
  turns = createTurns(system());
  const file = join(system().dataDir, 'longturn.db');
  store = running.use(await createStore({ kind: 'sqlite', file }));
  agent = await turns.agent();
  names = createNames(await store.installation.get());
});
afterAll(() => running.disposeAsync());

/** Starts a turn that waits for a login, and returns once it does. */
async function waiting(connection: string): Promise<string> {
  const { id } = await turns.start(agent, [call('browser_profile', { action: 'wait', connection })]);
  await using client = await connected();
  const waits = async () => (await timersStarted(client.client, id, names)) > 0;
  await poll(waits, { what: 'the turn waits', explain: system().tails });
  const { raw } = await client.client.workflow.getHandle(names.turnWorkflowId(id)).describe();
  expect(raw.pendingActivities ?? []).toEqual([]);
  expect((await turns.get(id)).status).toBe('running');
  return id;
}

/** With the installation's keys: what others send is not taken. */
async function connected() {
  const keyring = await openKeyring(loadConfig({ LONGTURN_DATA: system().dataDir }));
  const engine = localEngine(system().engineAddress, 'default');
  const client = await connectClient(engine, createDataConverter(keyring));
  return { client, [Symbol.asyncDispose]: () => client.connection.close() };
}

/** What the end of a login does: the status first, then everybody who waits is woken. */
async function logIn(connection: string): Promise<void> {
  await setStatus(store, connection, 'AUTHENTICATED');
  await using client = await connected();
  const gateway = createTurnGateway(client.client, { names });
  for (const { turnId, callId } of await store.waiters.of(loginOf(connection))) {
    await gateway.wakeCall(turnId, callId);
  }
}

describe('an agent that needs a login', () => {
  it('sees which connections are logged in', async () => {
    const connection = await newConnection(store, 'seen.example');
    const { id } = await turns.start(agent, [
      call('browser_profile', { action: 'list', domain: 'seen.example' }),
    ]);
    const { turn } = await turns.end(id);
    expect(turn.output).toContain(
      `${connection}: seen.example, profile person-of-${connection}: NEEDS_AUTH.`,
    );
  });

  it('pauses its turn, and goes on when the login is there', async () => {
    const connection = await newConnection(store);
    const id = await waiting(connection);
    await logIn(connection);
    const { turn, of } = await turns.end(id);
    expect(turn.output).toContain('AUTHENTICATED: shop.example is logged in');
    expect(of('tool_call.started')).toHaveLength(1);
    expect(await store.waiters.of(loginOf(connection))).toEqual([]);
  });

  it('goes on although everything was killed while it paused', async () => {
    const connection = await newConnection(store);
    const id = await waiting(connection);
    await system().kill9All();
    await system().startAll();
    await logIn(connection);
    const { turn, of } = await turns.end(id);
    expect(turn.output).toContain('AUTHENTICATED: shop.example is logged in');
    expect(of('tool_call.completed')).toHaveLength(1);
  });

  it('is told at once that a connection does not exist', async () => {
    const { id } = await turns.start(agent, [
      call('browser_profile', { action: 'wait', connection: 'nobody' }),
    ]);
    expect((await turns.end(id)).of('tool_call.failed')).toMatchObject([
      { error: { code: 'connection_not_found' } },
    ]);
  });
});
