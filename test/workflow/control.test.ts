import { describe, expect, it } from '@jest/globals';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { ANNA, callIdAt, origin } from '../support/rig-turns.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const started = new Map<string, string>();
const endless = fakeTool({
  name: 'endless',
  timeoutMs: 60_000,
  run: async (_input, { callId, signal }) => {
    started.set(callId, 'running');
    return await createGate()
      .passed(signal)
      .then(String)
      .finally(() => started.set(callId, 'aborted'));
  },
});
const quick = fakeTool({ name: 'quick' });
const rig = useWorkflowRig({ tools: [endless, quick] });

describe('steer', () => {
  it('is taken up before the next step, in order', async () => {
    const { agent, start, end, gateway, model } = rig();
    const gate = createGate();
    const name = await agent([onceOpen(gate, asks(['quick'])), says('end')], { tools: ['quick'] });
    const turn = await start(name);
    await gate.reached;
    await gateway.steer(turn.id, 'be brief', origin());
    await gateway.steer(turn.id, 'and kind', origin());
    gate.open();
    const { of, types } = await end(turn.id);
    expect(of('turn.steered')).toMatchObject([{ message: 'be brief', by: ANNA }, { message: 'and kind' }]);
    expect(types.indexOf('turn.steered')).toBeGreaterThan(types.indexOf('tool_call.completed'));
    expect(model.requests(name)[0]?.messages).toHaveLength(1);
    expect(model.requests(name)[1]?.messages.slice(-2)).toEqual([
      { role: 'user', text: 'be brief' },
      { role: 'user', text: 'and kind' },
    ]);
  });

  it('that comes during the last step makes one more', async () => {
    const { agent, start, end, gateway } = rig();
    const gate = createGate();
    const turn = await start(await agent([onceOpen(gate, says('too early')), says('better')]));
    await gate.reached;
    await gateway.steer(turn.id, 'wait', origin());
    gate.open();
    const { turn: record, of } = await end(turn.id);
    expect(record.output).toBe('better');
    expect(of('text.completed').map(({ text }) => text)).toEqual(['too early', 'better']);
  });
});

describe('stop', () => {
  it('finishes the step, then ends', async () => {
    const { agent, start, end, gateway, model } = rig();
    const gate = createGate();
    const name = await agent([onceOpen(gate, asks(['quick']))], { tools: ['quick'] });
    const turn = await start(name);
    await gate.reached;
    await gateway.stop(turn.id, origin());
    gate.open();
    const { turn: record, of } = await end(turn.id);
    expect(record.state).toBe('cancelled');
    expect(of('turn.cancelled')).toMatchObject([{ reason: 'stopped' }]);
    expect(of('tool_call.completed')).toHaveLength(1);
    expect(model.requests(name)).toHaveLength(1);
  });

  it('lets a final answer be the end', async () => {
    const { agent, start, end, gateway } = rig();
    const gate = createGate();
    const turn = await start(await agent([onceOpen(gate, says('done anyway'))]));
    await gate.reached;
    await gateway.steer(turn.id, 'more', origin());
    await gateway.stop(turn.id, origin());
    gate.open();
    expect((await end(turn.id)).turn).toMatchObject({ state: 'completed', output: 'done anyway' });
  });
});

describe('cancel', () => {
  it('abandons a running tool now, and says who and why', async () => {
    const { agent, start, end, gateway, untilEvent } = rig();
    const turn = await start(await agent([asks(['endless'])], { tools: ['endless'] }));
    const { callId } = await untilEvent(turn.id, 'tool_call.started');
    await gateway.cancel(turn.id, 'changed my mind', origin());
    await gateway.cancel(turn.id, 'again', origin());
    const { turn: record, of } = await end(turn.id);
    expect(record.state).toBe('cancelled');
    expect(of('turn.cancelled')).toMatchObject([{ reason: 'changed my mind', by: ANNA }]);
    expect(of('tool_call.failed')).toMatchObject([{ callId, error: { code: 'cancelled' } }]);
  });

  it('reaches the tool through its heartbeat', async () => {
    const { agent, start, end, gateway, untilEvent } = rig();
    const turn = await start(await agent([asks(['endless'])], { tools: ['endless'] }));
    const { callId } = await untilEvent(turn.id, 'tool_call.started');
    await untilTool(callId, 'running');
    await gateway.cancel(turn.id, undefined, origin());
    const { of } = await end(turn.id);
    expect(of('turn.cancelled')[0]).not.toHaveProperty('reason');
    await untilTool(callId, 'aborted');
  });

  it('expires what waits for people', async () => {
    const { agent, start, end, gateway, pending, store } = rig();
    const turn = await start(
      await agent([asks(['quick'])], { tools: ['quick'], policy: { default: 'ask' } }),
    );
    const callId = await pending(turn.id, 'quick');
    await gateway.cancel(turn.id, undefined, origin());
    const { of } = await end(turn.id);
    expect(of('approval.resolved')).toMatchObject([{ callId, action: 'expired', via: 'turn_ended' }]);
    expect((await store.approvals.get(callId))?.status).toBe('expired');
  });

  it('abandons a model that is being asked', async () => {
    const { agent, start, end, gateway } = rig();
    const gate = createGate();
    const turn = await start(await agent([onceOpen(gate, says('never'))]));
    await gate.reached;
    await gateway.cancel(turn.id, undefined, origin());
    expect((await end(turn.id)).types).toEqual(['turn.started', 'step.started', 'turn.cancelled']);
  });

  it('by hand in the engine is a cancellation too', async () => {
    const { agent, start, end, client, untilEvent } = rig();
    const turn = await start(await agent([asks(['endless'])], { tools: ['endless'] }));
    await untilEvent(turn.id, 'tool_call.started');
    await client.workflow.getHandle(`turn:${turn.id}`).cancel();
    const { turn: record, of } = await end(turn.id);
    expect(record.state).toBe('cancelled');
    expect(of('turn.cancelled')).toMatchObject([{ reason: 'cancelled in the engine' }]);
  });

  it('of a turn that is over is refused', async () => {
    const { agent, start, end, gateway, client } = rig();
    const turn = await start(await agent([says('over')]));
    await end(turn.id);
    await client.workflow.getHandle(`turn:${turn.id}`).result();
    await expect(gateway.cancel(turn.id, undefined, origin())).rejects.toMatchObject({ name: 'TurnClosed' });
    await expect(gateway.steer(turn.id, 'x', origin())).rejects.toMatchObject({ name: 'TurnClosed' });
  });
});

describe('an approval that nobody decides', () => {
  it('expires by the clock, the model is told, and a late decision sees the record', async () => {
    const { agent, start, end, decide, untilEvent, model, store } = rig();
    const gate = createGate();
    const name = await agent([asks(['quick'], ['endless']), says('end')], {
      tools: ['quick', 'endless'],
      policy: {
        rules: [
          { tool: 'quick', gate: 'ask' },
          { tool: 'endless', gate: 'ask' },
        ],
      },
      approval: { expiresAfter: '1s' },
    });
    const turn = await start(name);
    const [first, second] = [callIdAt(turn.id, 1, 0), callIdAt(turn.id, 1, 1)];
    await untilEvent(turn.id, 'approval.requested', ({ callId }) => callId === second);
    await decide(turn.id, second, { action: 'respond', content: 'by hand' });
    const { of } = await end(turn.id);
    gate.open();
    expect(of('approval.resolved')).toMatchObject([
      { callId: second, action: 'respond' },
      { callId: first, action: 'expired', via: 'timer' },
    ]);
    expect(model.requests(name)[1]?.messages.slice(-2)).toMatchObject([
      { content: 'expired: Nobody decided in time: the approval has expired.', isError: true },
      { content: 'by hand', isError: false },
    ]);
    expect((await store.approvals.get(first))?.status).toBe('expired');
    expect(quick.count(turn.id)).toBe(0);
  });

  it('refuses a decision that comes late, with the record', async () => {
    const { agent, start, end, decide, untilEvent } = rig();
    const gate = createGate();
    const name = await agent([asks(['quick']), onceOpen(gate, says('end'))], {
      tools: ['quick'],
      policy: { default: 'ask' },
      approval: { expiresAfter: '100ms' },
    });
    const turn = await start(name);
    const { callId } = await untilEvent(turn.id, 'tool_call.failed');
    await expect(decide(turn.id, callId, { action: 'allow' })).rejects.toMatchObject({
      code: 'already_decided',
      approval: { status: 'expired', via: 'timer' },
    });
    gate.open();
    await end(turn.id);
  });
});

async function untilTool(callId: string, state: string): Promise<void> {
  await poll(() => started.get(callId) === state, { what: `the tool is ${state}` });
}
