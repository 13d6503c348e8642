import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { TurnRecord } from '../../src/store/store.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { retryTurn } from '../support/retry-turn.ts';
import { origin } from '../support/rig-turns.ts';
import { asks, createGate, fails, type Gate, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const gates = new Map<string, Gate>();
const gateOf = (turnId: string) => {
  const gate = gates.get(turnId) ?? createGate();
  gates.set(turnId, gate);
  return gate;
};
const ship = fakeTool({ name: 'ship' });
const held = fakeTool({
  name: 'held',
  run: (_input, { turnId }) =>
    gateOf(turnId)
      .passed()
      .then(() => 'held done'),
});
const safe = fakeTool({
  name: 'safe',
  idempotent: true,
  run: async (_input, { turnId, signal }) =>
    gateOf(turnId)
      .passed(signal)
      .then(() => 'safe done'),
});
const rig = useWorkflowRig({ tools: [ship, held, safe] });

const retry = (of: TurnRecord) => retryTurn(rig(), of);
const told = (messages: { role: string }[] | undefined) => messages?.map(({ role }) => role);
const OUTAGE = fails('model_unavailable', 'The provider is away.');

describe('a retried turn', () => {
  it('goes on after an outage without executing a tool again', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([asks(['ship']), asks(['ship']), OUTAGE, says('delivered')], {
      tools: ['ship'],
    });
    const first = await start(name, { input: 'ship two' });
    expect((await end(first.id)).turn.error?.code).toBe('model_unavailable');
    const second = await retry(first);
    const { turn, types, of } = await end(second.id);
    expect(turn).toMatchObject({ state: 'completed', output: 'delivered', retryOf: first.id });
    expect(of('turn.started')).toMatchObject([{ retryOf: first.id }]);
    expect(types).toEqual(['turn.started', 'step.started', 'text.completed', 'turn.completed']);
    expect([ship.count(first.id), ship.count(second.id)]).toEqual([2, 0]);
    expect(told(model.requests(name).at(-1)?.messages)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
  });

  it('takes over what is done, asks again what nobody decided, and repeats nothing of which nobody knows', async () => {
    const { agent, start, end, model, pending, decide, gateway, store } = rig();
    const name = await agent([asks(['ship'], ['held'], ['ship', { ask: 'true' }]), says('done')], {
      tools: ['ship', 'held'],
      policy: { rules: [{ tool: 'ship', args: { ask: 'true' }, gate: 'ask' }] },
    });
    const first = await start(name);
    const { calls } = await poll(async () => store.transcript.step(first.id, 1), { what: 'the step' });
    const [, heldCall] = calls.map(({ callId }) => callId);
    await poll(async () => held.count(first.id) === 1 && ship.count(first.id) === 1, {
      what: 'both have begun',
    });
    await pending(first.id, 'ship');
    await gateway.cancel(first.id, 'enough', origin());
    await end(first.id);
    const second = await retry(first);
    const again = await pending(second.id, 'ship');
    expect(calls.map(({ callId }) => callId)).not.toContain(again);
    await decide(second.id, again, { action: 'allow' });
    gateOf(first.id).open();
    const { turn, of } = await end(second.id);
    expect(turn).toMatchObject({ state: 'completed', output: 'done' });
    expect(held.count(first.id) + held.count(second.id)).toBe(1);
    expect([ship.count(first.id), ship.count(second.id)]).toEqual([1, 1]);
    expect(of('tool_call.requested').map(({ callId }) => callId)).toEqual([heldCall, again]);
    const asked = model.requests(name).at(-1)?.messages ?? [];
    expect(asked.flatMap((message) => (message.role === 'tool' ? [message.content] : []))).toEqual([
      'ship done',
      expect.stringMatching(/^(held done$|outcome_unknown)/),
      'ship done',
    ]);
  });

  it('attempts an idempotent call again with the same key', async () => {
    const { agent, start, end, store, gateway } = rig();
    const name = await agent([asks(['safe']), says('done')], { tools: ['safe'] });
    const first = await start(name);
    await poll(() => safe.count(first.id) === 1, { what: 'it has begun' });
    await gateway.cancel(first.id, 'enough', origin());
    await end(first.id);
    const second = await retry(first);
    await poll(() => safe.count(second.id) === 1, { what: 'it is executed again' });
    gateOf(second.id).open();
    expect((await end(second.id)).turn.output).toBe('done');
    const keys = safe.executions.filter(({ turnId }) => [first.id, second.id].includes(turnId));
    expect(new Set(keys.map(({ callId }) => callId)).size).toBe(1);
    expect(await store.ledger.get(keys[0]?.callId ?? '')).toMatchObject({
      state: 'completed',
      executions: 2,
    });
  });

  it('finishes though its worker is lost in the middle of the step that it took over', async () => {
    const { agent, start, end, intercept, pending, decide, gateway, stopWorker, startWorker } = rig();
    const name = await agent([asks(['ship']), says('done')], { tools: ['ship'], policy: { default: 'ask' } });
    const first = await start(name);
    await pending(first.id, 'ship');
    await gateway.cancel(first.id, 'enough', origin());
    await end(first.id);
    let resumed = 0;
    intercept.resumeStep = async (run) => {
      const result = await run();
      resumed += 1;
      if (resumed === 1) throw new Error('its completion is lost');
      return result;
    };
    const second = await retry(first);
    const callId = await pending(second.id, 'ship');
    await stopWorker();
    await startWorker();
    await decide(second.id, callId, { action: 'allow' });
    expect((await end(second.id)).turn).toMatchObject({ state: 'completed', output: 'done' });
    expect(resumed).toBe(2);
    expect([ship.count(first.id), ship.count(second.id)]).toEqual([0, 1]);
  });

  it('tells the final answer that its turn had and never told', async () => {
    const { agent, start, end, model, intercept } = rig();
    const name = await agent([says('the answer')]);
    intercept.callModel = async (run) => {
      await run();
      throw ApplicationFailure.nonRetryable('the answer was lost', 'lost');
    };
    const first = await start(name);
    expect((await end(first.id)).turn.error?.code).toBe('lost');
    delete intercept.callModel;
    const second = await retry(first);
    expect((await end(second.id)).turn).toMatchObject({ state: 'completed', output: 'the answer' });
    expect(model.requests(name)).toHaveLength(1);
  });
});
