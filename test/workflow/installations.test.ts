import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newKeyring } from '../support/encryption.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
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
    asVersion02LeftIt(storeFile);

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

function asVersion02LeftIt(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`drop table installation; alter table workers drop column left_at;
    delete from kysely_migration where name = '0010-installation'`);
  database.close();
}
