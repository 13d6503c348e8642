import { describe, expect, it } from '@jest/globals';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, createGate, fails, onceOpen, says, streams } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const quick = fakeTool({ name: 'quick' });
const endless = fakeTool({
  name: 'endless',
  run: async (_input, { signal }) => createGate().passed(signal).then(String),
});
const rig = useWorkflowRig({ tools: [quick, endless] });

describe('budgets', () => {
  it('I19: ends a turn that never stops asking, with the count', async () => {
    const { agent, start, end } = rig();
    const name = await agent([asks(['quick']), asks(['quick']), asks(['quick'])], {
      tools: ['quick'],
      limits: { maxSteps: 3 },
    });
    const turn = await start(name);
    const { turn: record } = await end(turn.id);
    expect(record).toMatchObject({
      state: 'failed',
      error: {
        code: 'step_limit_exceeded',
        message: 'The turn took 3 of 3 steps without a final answer.',
      },
      usage: { inputTokens: 30, outputTokens: 15 },
    });
    expect(quick.count(turn.id)).toBe(3);
  });

  it('takes the narrower of the agent’s limits and the turn’s', async () => {
    const { agent, start, end } = rig();
    const name = await agent([asks(['quick'])], { tools: ['quick'], limits: { maxSteps: 5 } });
    const turn = await start(name, { limits: { maxSteps: 1 } });
    expect((await end(turn.id)).turn.error?.message).toContain('1 of 1 steps');
  });

  it('ends a turn that has used its tokens, before the next model call', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([asks(['quick']), asks(['quick'])], {
      tools: ['quick'],
      limits: { maxTokens: 30 },
    });
    const turn = await start(name);
    expect((await end(turn.id)).turn.error).toEqual({
      code: 'token_budget_exceeded',
      message: 'The turn used 30 of 30 tokens without a final answer.',
    });
    expect(model.requests(name)).toHaveLength(2);
  });

  it('keeps an answer that came within the last token', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('just so')], { limits: { maxTokens: 15 } }));
    expect((await end(turn.id)).turn.state).toBe('completed');
  });
});

describe('a deadline', () => {
  it('ends a turn whose tool takes too long', async () => {
    const { agent, start, end } = rig();
    const name = await agent([asks(['endless'])], { tools: ['endless'], limits: { deadline: '300ms' } });
    const turn = await start(name);
    const { turn: record, of } = await end(turn.id);
    expect(record.error).toEqual({ code: 'deadline_exceeded', message: "The turn's time is over." });
    expect(of('tool_call.failed').map(({ error }) => error.code)).toEqual(['turn_failed']);
  });

  it('ends a turn that waits for a person, and its approval', async () => {
    const { agent, start, end, store } = rig();
    const name = await agent([asks(['quick'])], {
      tools: ['quick'],
      policy: { default: 'ask' },
      limits: { deadline: '300ms' },
    });
    const turn = await start(name);
    const { of } = await end(turn.id);
    expect(of('approval.resolved')).toMatchObject([{ action: 'expired', via: 'turn_ended' }]);
    expect(await store.approvals.ofTurn(turn.id)).toMatchObject([{ status: 'expired' }]);
  });

  it('does not end a turn that is quicker', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('quick')], { limits: { deadline: '1h' } }));
    expect((await end(turn.id)).turn.state).toBe('completed');
  });
});

describe('a model that fails', () => {
  it('ends the turn with the model’s code, when it failed for good', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([fails('model_unauthorized', 'The key is wrong. Set another.')]));
    const { turn: record, types } = await end(turn.id);
    expect(types).toEqual(['turn.started', 'step.started', 'turn.failed']);
    expect(record.error).toEqual({ code: 'model_unauthorized', message: 'The key is wrong. Set another.' });
  });

  it('is asked again after the time it asked for', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([
      fails('model_rate_limited', 'Too many.', { retryable: true, retryAfterMs: 50 }),
      says('now'),
    ]);
    const turn = await start(name);
    const { turn: record } = await end(turn.id);
    expect(record.output).toBe('now');
    expect(model.requests(name).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('tells readers to drop what a failed attempt said', async () => {
    const { agent, start, end, store } = rig();
    const [cut, gate] = [createGate(), createGate()];
    const failure = fails('model_unavailable', 'Cut.', { retryable: true, retryAfterMs: 10 });
    const name = await agent([
      async (request) => {
        request.onText('half a sen');
        return await onceOpen(cut, failure)(request);
      },
      onceOpen(gate, streams(['a whole sentence'])),
    ]);
    const turn = await start(name);
    const kept = (n: number) =>
      poll(async () => (await store.deltas.last(turn.id, 1)) === n, { what: `delta ${n} is kept` });
    await kept(1);
    cut.open();
    await gate.reached;
    await kept(3);
    expect(
      (await store.deltas.list(turn.id, 1, 0)).map(({ n, delta }) => [n, delta.type, delta.attempt]),
    ).toEqual([
      [1, 'text.delta', 1],
      [2, 'model.delayed', 1],
      [3, 'attempt.restarted', 2],
    ]);
    gate.open();
    expect((await end(turn.id)).turn.output).toBe('a whole sentence');
  });

  it('ends the turn with a name, when the agent is gone before it begins', async () => {
    const { agent, start, end, store, stopWorker, startWorker } = rig();
    const name = await agent([]);
    await stopWorker();
    const turn = await start(name);
    await store.agents.delete(name, new Date().toISOString());
    await startWorker();
    const { turn: record, types } = await end(turn.id);
    expect(types).toEqual(['turn.failed']);
    expect(record.error?.code).toBe('agent_not_found');
  });
});
