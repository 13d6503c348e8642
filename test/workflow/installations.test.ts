import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { assertAlone } from '../../src/process/assert-alone.ts';
import { leaveOpenWork } from '../../src/process/leave-open-work.ts';
import type { Store } from '../../src/store/store.ts';
import { pollersOf, workerIdentity } from '../../src/temporal/pollers.ts';
import { newKeyring } from '../support/encryption.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asReleaseLeftIt } from '../support/released-store.ts';
import { asks, says } from '../support/scripted-model.ts';
import { createWorkflowRig, type RigOptions } from '../support/workflow-rig.ts';

const TURNS = 6;

let running = new AsyncDisposableStack();
afterEach(async () => {
  await running.disposeAsync();
  running = new AsyncDisposableStack();
});

const rig = async (options: RigOptions = {}) => running.use(await createWorkflowRig(options));

/** An installation whose agent does something with an effect before it answers. */
async function installation(options: RigOptions) {
  const pay = fakeTool({ name: 'pay', run: async () => 'paid' });
  const made = await rig({ ...options, tools: [pay] });
  const script = Array.from({ length: TURNS }, () => [asks(['pay']), says('paid')]).flat();
  const name = await made.agent(script, { tools: ['pay'] });
  return { ...made, rig: made, pay, name };
}

async function allCompleted({ start, end, name, pay, rig: of }: Awaited<ReturnType<typeof installation>>) {
  for (let n = 0; n < TURNS; n += 1) {
    const { id } = await start(name);
    const { turn } = await end(id);
    expect(turn.error).toBeUndefined();
    expect(turn).toMatchObject({ state: 'completed', output: 'paid' });
    expect(pay.count(id)).toBe(1);
  }
  await of.verify();
}

describe('two installations in one namespace', () => {
  it('have queues and workflow ids of their own, and each completes its turns', async () => {
    const [one, two] = [await installation({ installed: true }), await installation({ installed: true })];
    await Promise.all([allCompleted(one), allCompleted(two)]);
    expect(one.names.taskQueue).not.toBe(two.names.taskQueue);
    expect(one.names.turnIdOf(two.names.turnWorkflowId('turn_1'))).toBeUndefined();
    const left = [...one.rig.logged, ...two.rig.logged].filter(({ msg }) => `${msg}`.includes('left to the'));
    expect(left).toEqual([]);
  }, 60_000);

  it('lose no turn even where they share a queue: a worker leaves what is not in its store', async () => {
    const taskQueue = `shared-${process.pid}-${Date.now().toString(36)}`;
    const keyring = newKeyring('shared');
    const [one, two] = [
      await installation({ taskQueue, keyring }),
      await installation({ taskQueue, keyring }),
    ];
    await Promise.all([allCompleted(one), allCompleted(two)]);
    const left = [...one.rig.logged, ...two.rig.logged].filter(({ msg }) => `${msg}`.includes('left to the'));
    expect(left.length).toBeGreaterThan(0);
  }, 120_000);
});

describe('a store that version 0.2 has used', () => {
  it('keeps its names, and a turn that was parked under them goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longturn-upgrade-'));
    running.defer(() => rmSync(folder, { recursive: true, force: true }));
    const storeFile = join(folder, 'store.db');
    const keyring = newKeyring('upgrade');
    const ring = fakeTool({ name: 'ring', gate: 'ask' });
    const before = await createWorkflowRig({ storeFile, keyring, taskQueue: 'longturn', tools: [ring] });
    const name = await before.agent([asks(['ring'])], { tools: ['ring'] });
    const { id } = await before.start(name);
    const callId = await before.pending(id, 'ring');
    await before[Symbol.asyncDispose]();
    await asReleaseLeftIt(storeFile, '0.2.0');

    const after = await rig({ storeFile, keyring, installed: true, tools: [ring] });
    after.model.script(name, [says('rung')]);
    expect(await after.store.installation.get()).toMatchObject({ inNames: false });
    expect(after.names.turnWorkflowId(id)).toBe(`turn:${id}`);
    await after.decide(id, callId, { action: 'allow' });
    expect((await after.end(id)).turn).toMatchObject({ state: 'completed', output: 'rung' });
    await poll(
      async () =>
        (await after.client.workflow.getHandle(`turn:${id}`).describe()).status.name === 'COMPLETED',
      { what: 'the workflow closes' },
    );
  }, 60_000);
});

describe('a worker that starts where another one asks for work', () => {
  const INSTALLATION = { id: 'inst', inNames: true, madeAt: '' };

  it('starts at once beside one of its own store, and refuses beside one of another store', async () => {
    const taskQueue = `alone-${process.pid}-${Date.now().toString(36)}`;
    const one = await rig({ taskQueue, identity: workerIdentity('inst', 'worker_one') });
    const copy = await rig();
    const { client } = one;
    const log = createLogger({ level: 'silent' });
    const start = (store: Store, installation = INSTALLATION, withinMs = 30_000) =>
      assertAlone({ client, taskQueue, installation, workers: store.workers, log, withinMs });
    await poll(async () => (await pollersOf(client, taskQueue)).length > 0, { what: 'the worker polls' });
    await one.store.workers.beat('worker_one', new Date().toISOString());
    await start(one.store);

    // It asks for work again with each task.
    const whileItWorks = async (starting: Promise<void>) => {
      let over = false;
      const outcome = starting.then(String, String).finally(() => {
        over = true;
      });
      const name = await one.agent([]);
      while (!over) {
        one.model.script(name, [says('done')]);
        await one.end((await one.start(name)).id);
      }
      return await outcome;
    };
    expect(await whileItWorks(start(copy.store))).toMatch(/StartError: .*this store is a copy.*renew/s);
    expect(await whileItWorks(start(one.store, { ...INSTALLATION, id: 'other' }))).toMatch(
      /it works for installation inst, and this store is other/,
    );

    await one.stopWorker();
    expect(await start(copy.store, INSTALLATION, 2_500)).toBeUndefined();
  }, 120_000);
});

describe('a copy of a store that becomes an installation of its own', () => {
  it('ends what the other one goes on with, and starts nothing of it', async () => {
    const { agent, start, pending, store, leaveOpen, end, model } = await rig({
      tools: [fakeTool({ name: 'ring', gate: 'ask' })],
    });
    const name = await agent([asks(['ring'])], { tools: ['ring'] });
    const parked = await start(name);
    await pending(parked.id, 'ring');
    await poll(async () => (await store.turns.get(parked.id))?.pending.length, { what: 'it is recorded' });
    const queued = [await start(name, parked), await start(name, parked)];
    leaveOpen(parked.id, 'its store is taken for a copy');
    expect(await leaveOpenWork(store, new Date().toISOString())).toBe(3);

    const { turn, types } = await end(parked.id);
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'installation_renewed' }, pending: [] });
    expect(types.slice(-3)).toEqual(['approval.resolved', 'tool_call.failed', 'turn.failed']);
    for (const { id } of queued) expect((await end(id)).turn.state).toBe('cancelled');
    expect(await leaveOpenWork(store, new Date().toISOString())).toBe(0);
    expect(model.requests(name)).toHaveLength(1);
  }, 60_000);
});
