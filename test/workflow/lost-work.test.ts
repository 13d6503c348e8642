import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { fakeTool } from '../support/fake-tools.ts';
import { callIdAt, origin } from '../support/rig-turns.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const pay = fakeTool({ name: 'pay', run: async () => 'paid' });
const put = fakeTool({ name: 'put', idempotent: true, run: async () => 'put' });
const rig = useWorkflowRig({ tools: [pay, put] });

/** A turn whose model waits, so that the ledger can be written before its call is dispatched. */
async function prepared(tool: string) {
  const { agent, start } = rig();
  const gate = createGate();
  const name = await agent([onceOpen(gate, asks([tool])), says('went on')], { tools: [tool] });
  const { id } = await start(name);
  await gate.reached;
  const callId = callIdAt(id, 1);
  return {
    name,
    turnId: id,
    callId,
    gate,
    intent: { callId, turnId: id, tool, at: new Date().toISOString() },
  };
}

describe('a worker that was lost in the middle of a tool', () => {
  it('leaves an unknown outcome, when the tool may not be repeated', async () => {
    const { store, end, model } = rig();
    const { name, turnId, callId, gate, intent } = await prepared('pay');
    await store.ledger.begin({ ...intent, again: false });
    gate.open();
    const { turn, of } = await end(turnId);
    expect(turn.state).toBe('completed');
    expect(of('tool_call.failed')).toMatchObject([{ callId, error: { code: 'outcome_unknown' } }]);
    expect(pay.count(turnId)).toBe(0);
    expect((await store.ledger.get(callId))?.state).toBe('unknown');
    expect(model.requests(name)[1]?.messages.at(-1)).toMatchObject({ isError: true });
  });

  it('has its tool attempted again with the same key, when that is harmless', async () => {
    const { store, end } = rig();
    const { turnId, callId, gate, intent } = await prepared('put');
    await store.ledger.begin({ ...intent, again: true });
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.completed')).toMatchObject([{ callId, output: 'put' }]);
    expect(put.executions.filter((execution) => execution.turnId === turnId)).toMatchObject([{ callId }]);
    expect((await store.ledger.get(callId))?.executions).toBe(2);
  });

  it.each(['pay', 'put'])('has the result of %s believed, when that was written down', async (tool) => {
    const { store, end } = rig();
    const { turnId, callId, gate, intent } = await prepared(tool);
    await store.ledger.begin({ ...intent, again: false });
    await store.ledger.settle(callId, { content: 'from before' }, intent.at);
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.completed')).toMatchObject([{ output: 'from before' }]);
    expect(pay.count(turnId) + put.count(turnId)).toBe(0);
  });
});

describe('a tool that a worker had taken before an older store was restored', () => {
  it('is not executed again, when it may not be repeated: nobody knows whether it took effect', async () => {
    const { intercept, end, store } = rig();
    const { turnId, callId, gate } = await prepared('pay');
    intercept.runTool = async () => {
      throw ApplicationFailure.create({ message: 'lost', nonRetryable: true });
    };
    // As the workflow asks after a heartbeat that stayed away.
    intercept.settleTool = (run, input) => {
      Object.assign(input, { taken: { tool: 'pay' } });
      return run();
    };
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.failed')).toMatchObject([{ callId, error: { code: 'outcome_unknown' } }]);
    expect(pay.count(turnId)).toBe(0);
    expect((await store.ledger.get(callId))?.state).toBe('unknown');
  });
});

describe('an activity that was lost', () => {
  const lost = () => ApplicationFailure.create({ message: 'lost', nonRetryable: true });

  it('after its tool had finished: the result is taken from the ledger', async () => {
    const { intercept, end } = rig();
    const { turnId, gate } = await prepared('pay');
    intercept.runTool = async (run) => {
      await run();
      throw lost();
    };
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.completed')).toMatchObject([{ output: 'paid' }]);
    expect(pay.count(turnId)).toBe(1);
  });

  it('before its tool began: it is dispatched again, and executed once', async () => {
    const { intercept, end } = rig();
    const { turnId, gate } = await prepared('pay');
    let losses = 0;
    intercept.runTool = async (run) => {
      losses += 1;
      if (losses <= 2) throw lost();
      return await run();
    };
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.completed')).toMatchObject([{ output: 'paid' }]);
    expect(of('tool_call.started')).toHaveLength(1);
    expect(pay.count(turnId)).toBe(1);
  });

  it('again and again before its tool began: the model is told that it was not executed', async () => {
    const { intercept, end } = rig();
    const { turnId, gate } = await prepared('pay');
    intercept.runTool = () => Promise.reject(lost());
    gate.open();
    const { of } = await end(turnId);
    expect(of('tool_call.failed')).toMatchObject([
      { error: { code: 'not_executed', message: 'The call was not executed: lost.' } },
    ]);
    expect(pay.count(turnId)).toBe(0);
  });

  it('after the model had answered: nobody asks the model again', async () => {
    const { intercept, agent, start, end, model } = rig();
    let losses = 0;
    intercept.callModel = async (run) => {
      const answer = await run();
      losses += 1;
      if (losses === 1) throw ApplicationFailure.create({ message: 'lost', nextRetryDelay: 1 });
      return answer;
    };
    const name = await agent([says('asked once')]);
    const turn = await start(name);
    expect((await end(turn.id)).turn.output).toBe('asked once');
    expect(model.requests(name)).toHaveLength(1);
  });

  it('after it had ended the turn: the turn has one end', async () => {
    const { intercept, agent, start, end } = rig();
    let losses = 0;
    intercept.finishTurn = async (run) => {
      await run();
      losses += 1;
      if (losses === 1) throw ApplicationFailure.create({ message: 'lost', nextRetryDelay: 1 });
    };
    const turn = await start(await agent([says('once')]));
    const { types } = await end(turn.id);
    expect(types.filter((type) => type === 'turn.completed')).toHaveLength(1);
  });
});

describe('a worker that comes back', () => {
  it('I6: executes an approved call once, though the decision came twice and the worker changed', async () => {
    const { agent, start, pending, decide, gateway, end, stopWorker, startWorker } = rig();
    const name = await agent([asks(['pay']), says('end')], { tools: ['pay'], policy: { default: 'ask' } });
    const turn = await start(name);
    const callId = await pending(turn.id, 'pay');
    await stopWorker();
    // No worker answers the Update: it goes on waiting in the engine, and the signal is sent beside it.
    const from = origin({ messageId: 'msg_twice' });
    expect(await gateway.decide(turn.id, callId, { action: 'allow' }, from)).toEqual({
      delivery: 'accepted',
    });
    await startWorker();
    const { of } = await end(turn.id);
    expect(of('approval.resolved')).toMatchObject([{ action: 'allow', decisionId: 'msg_twice' }]);
    expect(pay.count(turn.id)).toBe(1);
    await expect(decide(turn.id, callId, { action: 'deny' })).rejects.toThrow();
  });
});

describe('a message that arrives while the turn ends', () => {
  it('is refused with turn_ended', async () => {
    const { intercept, agent, start, end, decide, gateway, untilEvent, result, signal } = rig();
    const gate = createGate();
    intercept.finishTurn = async (run) => {
      await gate.passed();
      await run();
    };
    const name = await agent([asks(['pay'])], {
      tools: ['pay'],
      policy: { default: 'ask' },
      approval: { expiresAfter: '1h' },
    });
    const turn = await start(name);
    const { callId } = await untilEvent(turn.id, 'approval.requested');
    await gateway.cancel(turn.id, undefined, origin());
    await gate.reached;
    const refused = { code: 'turn_ended' };
    await expect(decide(turn.id, callId, { action: 'allow' })).rejects.toMatchObject(refused);
    await expect(result(turn.id, callId, { content: 'x' })).rejects.toMatchObject(refused);
    await expect(gateway.steer(turn.id, 'x', origin())).rejects.toMatchObject(refused);
    await expect(gateway.stop(turn.id, origin())).rejects.toMatchObject(refused);
    await signal(turn.id, 'toolDecision', { callId, action: 'allow' });
    await gateway.cancel(turn.id, 'twice', origin());
    gate.open();
    const { types, of } = await end(turn.id);
    expect(of('turn.cancelled')).toHaveLength(1);
    expect(types.at(-1)).toBe('turn.cancelled');
    expect(pay.count(turn.id)).toBe(0);
  });
});
