import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLive } from '../../src/api/turn/operations/live-turn.ts';
import { toTurn } from '../../src/api/turn/turn-view.ts';
import { replayRecent } from '../../src/temporal/replay-recent.ts';
import { createStuckWatch } from '../../src/upkeep/turn/stuck-watch.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { sized } from '../support/full-size.ts';
import { bundleChanged } from '../support/other-code.ts';
import { poll } from '../support/poll.ts';
import { callIdAt } from '../support/rig-turns.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { createWorkflowRig, type WorkflowRig } from '../support/workflow-rig.ts';

/** A new activity before the model is asked: what a release may add. */
const AGENT_TURN = 'src/workflows/turn/agent-turn.ts';
const BEFORE_THE_MODEL = "append(turn, { type: 'step.started', step });";
const NEW_WORK = 'await recordEvents({ turnId: turn.turnId, events: [] });';

const sign = fakeTool({ name: 'sign', gate: 'ask', run: async () => 'signed' });
const PARKED = sized(16, 100);
const RUNNING = sized(5, 20);
/** How many of them a version takes on before it is rolled back. */
const MOVED = sized(3, 10);

let patched = '';
let unpatched = '';
let rig: WorkflowRig;
let stopNewest = async () => {};

beforeAll(async () => {
  patched = await bundleChanged('patched', [
    {
      file: AGENT_TURN,
      from: BEFORE_THE_MODEL,
      to: `if (patched('fleet')) ${NEW_WORK}\n${BEFORE_THE_MODEL}`,
    },
    { file: AGENT_TURN, from: '  isCancellation,\n', to: '  isCancellation,\n  patched,\n' },
  ]);
  unpatched = await bundleChanged('unpatched', [
    { file: AGENT_TURN, from: BEFORE_THE_MODEL, to: `${NEW_WORK}\n${BEFORE_THE_MODEL}` },
  ]);
  rig = await createWorkflowRig({ tools: [sign] });
});

afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

/** Turns that each ask a person `rounds` times and then answer; they wait for the first decision. */
async function park(count: number, rounds: number): Promise<string[]> {
  const script = [...Array.from({ length: rounds }, () => asks(['sign'])), says('done')];
  const turnIds = await Promise.all(
    Array.from({ length: count }, async () => {
      const agent = await rig.agent(script, { tools: ['sign'] });
      return (await rig.start(agent)).id;
    }),
  );
  await parked(turnIds, 1);
  return turnIds;
}

/** Many are looked at in turn, so that looking leaves time for the work. */
const LOOK = { timeoutMs: 60_000, everyMs: 50 };

/** Waits until all of them wait for the decision of this step, as the store tells. */
async function parked(turnIds: string[], step: number): Promise<void> {
  for (const turnId of turnIds) {
    const callId = callIdAt(turnId, step);
    await poll(async () => (await rig.store.approvals.get(callId))?.status === 'pending', {
      what: `turn ${turnId} waits in step ${step}`,
      ...LOOK,
    });
  }
}

/** Allows by signal, as the API does where no worker answers. */
async function allow(turnIds: string[], step: number): Promise<void> {
  await Promise.all(
    turnIds.map(async (turnId) => {
      const callId = callIdAt(turnId, step);
      await rig.signal(turnId, 'toolDecision', { callId, action: 'allow' });
    }),
  );
}

async function allComplete(turnIds: string[]): Promise<void> {
  for (const turnId of turnIds) {
    const turn = await poll(
      async () => {
        const record = await rig.store.turns.get(turnId);
        return record?.endedAt !== undefined && record;
      },
      { what: `turn ${turnId} has ended`, ...LOOK, explain: () => JSON.stringify(rig.logged.slice(-3)) },
    );
    expect(turn).toMatchObject({ state: 'completed', output: 'done' });
    // Each call was executed once.
    const calls = sign.executions.filter((each) => each.turnId === turnId).map(({ callId }) => callId);
    expect(new Set(calls).size).toBe(calls.length);
  }
}

/** The turn as the API shows it. */
async function shown(turnId: string) {
  const { record, snapshot, stuck } = await readLive(rig.store, rig.gateway, turnId);
  return toTurn(record, snapshot, stuck);
}

async function shownStuck(turnId: string) {
  return await poll(
    async () => {
      const turn = await shown(turnId);
      return turn.stuck && turn;
    },
    { what: `turn ${turnId} is shown as stuck`, timeoutMs: 60_000 },
  );
}

/** The round of the upkeep that looks for stuck turns, with what it measured and logged. */
function watched() {
  const counted: number[] = [];
  const lines: { turnId: string; said: string }[] = [];
  const log = (fields: { turnId: string }, said: string) => lines.push({ ...fields, said });
  const metrics = {
    setStuck: (kind: string, count: number) => void (kind === 'turn' && counted.push(count)),
  };
  const watch = createStuckWatch({ client: rig.client, metrics, log: { warn: log, info: log } as never });
  return { watch, counted, lines };
}

describe('a version that changes what a turn does', () => {
  it('goes out, is rolled back and comes again, under parked and running turns', async () => {
    const gate = createGate();
    const waiting = await park(PARKED, 2);
    const running: string[] = [];
    for (let index = 0; index < RUNNING; index += 1) {
      // The first attempt is cut short with its worker; the second one is answered.
      const script = [onceOpen(gate, asks(['sign'])), asks(['sign']), says('done')];
      const agent = await rig.agent(script, { tools: ['sign'] });
      running.push((await rig.start(agent)).id);
    }
    await gate.reached;

    // New code beside the old one, then alone: what was begun by the old goes on with it.
    const stopNew = await rig.addWorker({ bundleFile: patched });
    await rig.stopWorker();
    gate.open();
    const moved = waiting.slice(0, MOVED);
    await allow(moved, 1);
    await parked(moved, 2);

    // Rolled back: the old code cannot go on with what the new one did; it waits, visibly, and nothing fails.
    await rig.startWorker();
    await stopNew();
    const stayed = waiting.slice(MOVED);
    await allow(stayed, 1);
    await parked(stayed, 2);
    await allow(waiting, 2);
    await allComplete(stayed);
    const stuck = await shownStuck(moved[0] ?? '');
    expect(stuck).toMatchObject({ status: 'waiting', stuck: { reason: 'task_failing' } });
    expect(stuck.stuck?.message).toMatch(/[Nn]ondeterminism/);

    // And again forward: all go on.
    stopNewest = await rig.addWorker({ bundleFile: patched });
    await rig.stopWorker();
    await allComplete(moved);
    await parked(running, 1);
    await allow(running, 1);
    await allComplete(running);
    await rig.verify(patched);
  }, 180_000);

  it('runs beside the old one, half and half', async () => {
    await rig.startWorker();
    const turnIds = await park(RUNNING, 1);
    await allow(turnIds, 1);
    await allComplete(turnIds);
    // Whichever of them took it on, the new one can tell all of it.
    await rig.stopWorker();
    await rig.verify(patched);
  }, 180_000);
});

describe('a version that cannot go on with what was begun', () => {
  it('fails no turn: they are shown as stuck, and go on when the old version is back', async () => {
    await stopNewest();
    await rig.startWorker();
    const waiting = await park(2 * MOVED, 1);
    // Before anything is deployed, the open turns are replayed on the code that is to take over.
    const { client, taskQueue, dataConverter } = rig;
    const recent = { client, taskQueue, dataConverter, most: 5 };
    const unfit = await replayRecent({ ...recent, bundleFile: unpatched });
    expect(unfit.faults.length).toBeGreaterThanOrEqual(5);
    expect(unfit.faults[0]?.reason).toMatch(/nondeterminism/i);
    const fit = await replayRecent({ ...recent, bundleFile: patched });
    expect(fit).toEqual({ replayed: 10, faults: [] });
    const stopNew = await rig.addWorker({ bundleFile: unpatched });
    await rig.stopWorker();
    await allow(waiting.slice(0, MOVED), 1);
    expect(await shownStuck(waiting[0] ?? '')).toMatchObject({
      status: 'waiting',
      stuck: { reason: 'task_failing', message: expect.stringMatching(/nondeterminism/i) },
    });
    const { watch, counted, lines } = watched();
    await poll(async () => (await watch.run()) > 0, {
      what: 'the upkeep counts stuck turns',
      timeoutMs: 60_000,
    });
    expect(counted.at(-1)).toBeGreaterThan(0);
    const found = lines.find(({ turnId }) => waiting.includes(turnId));
    expect(found).toMatchObject({ reason: 'task_failing', said: expect.stringContaining('is stuck') });
    // Half and half for a while, then the old one alone.
    await rig.startWorker();
    await allow(waiting.slice(MOVED), 1);
    await stopNew();
    await allComplete(waiting);
    expect((await shown(waiting[0] ?? '')).stuck).toBeUndefined();
    await poll(async () => (await watch.run()) === 0, { what: 'no turn is counted as stuck any more' });
    await rig.verify();
  }, 180_000);
});
