import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loginOf } from '../../../src/core/auth/login-wait.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { createBrowserProfile } from '../../../src/tools/browser-profile.ts';
import type { LoginWait } from '../../../src/tools/profile/wait-for-login.ts';
import { ToolWaits } from '../../../src/tools/tool.ts';
import { newConnection, putFlow, setStatus } from '../../support/connections.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

const BEGUN = '2030-01-02T03:00:00.000Z';
const context = { ...toolContext('/nowhere'), begunAt: BEGUN };
const running = new AsyncDisposableStack();
let store: Store;
let clock: Date;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longturn-profile-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  store = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
});
afterAll(() => running.disposeAsync());

const afterStart = (ms: number) => new Date(Date.parse(BEGUN) + ms);

function run(
  input: Record<string, string>,
  { afterMs = 0, waiters = store.waiters as LoginWait['waiters'] } = {},
) {
  clock = afterStart(afterMs);
  const tool = createBrowserProfile({ auth: store.auth, waiters, now: () => clock, lookMs: 60_000 });
  return tool.run(input, context);
}

/** How the tool waits; fails where it has a result. */
async function waitOf(answer: Promise<string>): Promise<ToolWaits> {
  const waits = await answer.catch((error: unknown) => error);
  if (waits instanceof ToolWaits) return waits;
  throw waits instanceof Error ? waits : new Error(`no wait, but the result: ${waits}`);
}

const waitersOf = async (connection: string) => await store.waiters.of(loginOf(connection));

describe('list', () => {
  it('shows names, states and one sentence of each connection, and nothing that opens a login', async () => {
    const [idle, asked, failed, done] = [
      await newConnection(store, 'list.example'),
      await newConnection(store, 'list.example'),
      await newConnection(store, 'list.example'),
      await newConnection(store, 'list.example'),
    ];
    await putFlow(store, asked, {});
    await putFlow(store, failed, { flow_status: 'FAILED', flow_step: 'COMPLETED' });
    await setStatus(store, done, 'AUTHENTICATED');
    const listed = await run({ action: 'list', domain: 'LIST.example' });
    expect(listed.split('\n').toSorted()).toEqual(
      [
        `${idle}: list.example, profile person-of-${idle}: NEEDS_AUTH. Nobody has logged in yet; a person must begin a login.`,
        `${asked}: list.example, profile person-of-${asked}: NEEDS_AUTH; login IN_PROGRESS, AWAITING_INPUT. A login is in progress and waits for a person to answer.`,
        `${failed}: list.example, profile person-of-${failed}: NEEDS_AUTH; login FAILED, COMPLETED. The last login failed; a person must begin a new one.`,
        `${done}: list.example, profile person-of-${done}: AUTHENTICATED. The profile is logged in.`,
      ].toSorted(),
    );
    expect(listed).not.toMatch(/secret|https?:/);
  });

  it('keeps to a profile, and says so when nothing fits', async () => {
    const id = await newConnection(store, 'one.example');
    expect(await run({ action: 'list', profile: `person-of-${id}` })).toMatch(new RegExp(`^${id}: [^\n]+$`));
    expect(await run({ action: 'list', profile: 'nobody' })).toBe('No connection fits.');
  });
});

describe('wait', () => {
  it('answers at once for a connection that is logged in', async () => {
    const connection = await newConnection(store);
    await setStatus(store, connection, 'AUTHENTICATED');
    expect(await run({ action: 'wait', connection })).toBe(
      `AUTHENTICATED: shop.example is logged in as profile person-of-${connection}.`,
    );
    expect(await waitersOf(connection)).toEqual([]);
  });

  it('waits for ten minutes, unless told otherwise, and is to be woken by its connection', async () => {
    const connection = await newConnection(store);
    const waits = await waitOf(run({ action: 'wait', connection }));
    expect(waits).toMatchObject({ untilAt: afterStart(600_000).toISOString(), lookAfterMs: 60_000 });
    expect(await waitersOf(connection)).toEqual([
      { ...loginOf(connection), turnId: 'turn-1', callId: 'call-1' },
    ]);
    const longer = await waitOf(run({ action: 'wait', connection, timeout: '24h' }));
    expect(longer.untilAt).toBe(afterStart(24 * 3_600_000).toISOString());
  });

  it('has said whom to wake before it looks, so that no login is missed', async () => {
    const connection = await newConnection(store);
    const waiters: LoginWait['waiters'] = {
      ...store.waiters,
      // The login comes in the last moment in which nobody would be woken for it.
      async add(waiter) {
        await setStatus(store, connection, 'AUTHENTICATED');
        await store.waiters.add(waiter);
      },
    };
    expect(await run({ action: 'wait', connection }, { waiters })).toMatch(/^AUTHENTICATED/);
    expect(await waitersOf(connection)).toEqual([]);
  });

  it.each([
    [0, 60_000],
    [9 * 60_000, 60_000],
    [5 * 3_600_000, 30 * 60_000],
    [24 * 3_600_000 - 5, 5],
  ])('after %i ms of a day it looks unwoken after %i ms', async (afterMs, lookAfterMs) => {
    const connection = await newConnection(store);
    const waits = await waitOf(run({ action: 'wait', connection, timeout: '24h' }, { afterMs }));
    expect(waits.lookAfterMs).toBe(lookAfterMs);
  });

  it('says that the time is over, and is not woken any more', async () => {
    const connection = await newConnection(store);
    await putFlow(store, connection, {});
    await waitOf(run({ action: 'wait', connection, timeout: '1m' }, { afterMs: 59_999 }));
    const result = await run({ action: 'wait', connection, timeout: '1m' }, { afterMs: 60_000 });
    expect(result).toMatch(/^The time is over: nobody has logged in within 1m\.\nconn-.*AWAITING_INPUT/);
    expect(result).not.toMatch(/secret|https?:/);
    expect(await waitersOf(connection)).toEqual([]);
  });

  it('says that a connection does not exist, was it never made or is it deleted meanwhile', async () => {
    const never = await toolErrorOf(run({ action: 'wait', connection: 'conn-never' }));
    expect(never).toMatchObject({ code: 'connection_not_found' });
    const connection = await newConnection(store);
    const waiters: LoginWait['waiters'] = {
      ...store.waiters,
      async add(waiter) {
        await store.auth.connections.delete(connection);
        await store.waiters.add(waiter);
      },
    };
    const gone = await toolErrorOf(run({ action: 'wait', connection }, { waiters }));
    expect(gone).toMatchObject({ code: 'connection_not_found' });
    expect(await waitersOf(connection)).toEqual([]);
  });

  it('goes on waiting while others hold the store', async () => {
    const connection = await newConnection(store);
    const busy = () => Promise.reject(new StoreError('busy', 'held by others'));
    const waiters = { ...store.waiters, add: busy };
    expect((await waitOf(run({ action: 'wait', connection }, { waiters }))).lookAfterMs).toBe(1_000);
  });
});

describe('the input', () => {
  it.each<Record<string, string>>([
    { action: 'wait' },
    { action: 'login' },
    { action: 'wait', connection: 'c', domain: 'shop.example' },
    { action: 'list', connection: 'c' },
    { action: 'list', timeout: '5m' },
    { action: 'list', url: 'x' },
    { action: 'wait', connection: 'c', timeout: '59s' },
    { action: 'wait', connection: 'c', timeout: '25h' },
    { action: 'wait', connection: 'c', timeout: 'soon' },
    { action: 'wait', connection: 'a\u0000b' },
    { action: 'list', domain: 'https://shop.example/' },
  ])('%j is refused', async (input) => {
    expect(await toolErrorOf(run(input))).toMatchObject({ code: 'invalid_input' });
  });

  it('is described without patterns, which a busy machine might not match in time', () => {
    const { input } = createBrowserProfile({
      auth: store.auth,
      waiters: store.waiters,
      now: () => clock,
      lookMs: 1,
    });
    expect(JSON.stringify(z.toJSONSchema(input, { io: 'input' }))).not.toContain('"pattern"');
  });
});
