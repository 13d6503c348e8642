import { afterEach, describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../src/models/create-model-directory.ts';
import { builtInTools } from '../../src/process/capabilities/all.ts';
import type { TurnActivities } from '../../src/workflows/turn/turn-activities.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const pay = fakeTool({ name: 'pay', run: async () => 'paid' });
const sign = fakeTool({ name: 'sign', gate: 'ask', run: async () => 'signed' });
const rig = useWorkflowRig({ tools: [pay, sign] });

const PATIENT = { capabilityPatienceMs: 600_000 };

/** A worker without the tools of these tests, as one of an older version is. */
function withoutTools(capabilityPatienceMs = PATIENT.capabilityPatienceMs): TurnActivities {
  const { store, activitiesWith } = rig();
  const tools = builtInTools({
    notes: store.notes,
    auth: store.auth,
    waiters: store.waiters,
    httpFetchAllow: [],
    now: () => new Date(),
  });
  return activitiesWith({ tools, capabilityPatienceMs });
}

/** What the API shows of a turn that waits for a worker. */
async function lacking(turnId: string) {
  return await poll(async () => (await rig().gateway.snapshot(turnId)).stuck, {
    what: `turn ${turnId} waits for a worker`,
  });
}

let stopOld = async () => {};
let leave = async () => {};

/** From here on the only worker is one that lacks something; it ends with the test. */
async function onlyOld(activities: TurnActivities): Promise<void> {
  await rig().stopWorker();
  stopOld = await rig().addWorker({ activities });
}

afterEach(async () => {
  await rig().startWorker();
  await leave();
  await stopOld();
  leave = stopOld = async () => {};
});

describe('a worker that lacks the tool of a turn', () => {
  it('leaves the beginning of the turn to one that has it', async () => {
    const { agent, start, end, announce } = rig();
    await onlyOld(withoutTools());
    const { id } = await start(await agent([asks(['pay']), says('done')], { tools: ['pay'] }));
    expect(await lacking(id)).toMatchObject({
      reason: 'no_capable_worker',
      message: expect.stringContaining('has no tool "pay"'),
    });
    leave = await announce(['tool:pay', 'model:scripted']);
    expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'done' });
    expect(pay.count(id)).toBe(1);
  });

  it('leaves the call to one that has it, and the model never hears of it', async () => {
    const { agent, start, pending, decide, store, end, announce } = rig();
    const { id } = await start(await agent([asks(['sign']), says('done')], { tools: ['sign'] }));
    const callId = await pending(id, 'sign');
    await onlyOld(withoutTools());
    await decide(id, callId, { action: 'allow' });
    expect(await lacking(id)).toMatchObject({ reason: 'no_capable_worker' });
    expect(await store.ledger.get(callId)).toBeUndefined();
    leave = await announce(['tool:sign', 'model:scripted']);
    const { of, turn } = await end(id);
    expect(turn.state).toBe('completed');
    expect(of('tool_call.completed')).toMatchObject([{ callId, output: 'signed' }]);
    expect(sign.count(id)).toBe(1);
  });
});

describe("a worker without the key of an agent's model", () => {
  it('leaves the step to one that has it', async () => {
    const { agent, start, end, announce, logged } = rig();
    await onlyOld(rig().activitiesWith({ models: createModelDirectory({}), ...PATIENT }));
    const { id } = await start(await agent([says('done')]));
    expect(await lacking(id)).toMatchObject({ reason: 'no_capable_worker' });
    leave = await announce(['model:scripted']);
    expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'done' });
    expect(logged).toContainEqual(expect.objectContaining({ turnId: id, capability: 'model:scripted' }));
  });
});

describe('what no worker has', () => {
  it('ends the turn with a sentence, once nobody has said for a while that it has it', async () => {
    const { agent, start, end, activitiesWith } = rig();
    await onlyOld(activitiesWith({ models: createModelDirectory({}), capabilityPatienceMs: 500 }));
    const { id } = await start(await agent([]));
    expect((await end(id)).turn).toMatchObject({ state: 'failed', error: { code: 'model_not_configured' } });
  });

  it('is told the model as a tool that is not available, after a while', async () => {
    const { agent, start, pending, decide, end } = rig();
    const { id } = await start(await agent([asks(['sign']), says('done')], { tools: ['sign'] }));
    const callId = await pending(id, 'sign');
    await onlyOld(withoutTools(500));
    await decide(id, callId, { action: 'allow' });
    const { of, turn } = await end(id);
    expect(turn.state).toBe('completed');
    expect(of('tool_call.failed')).toMatchObject([{ callId, error: { code: 'tool_not_available' } }]);
    expect(sign.count(id)).toBe(0);
  });
});
