import { describe, expect, it } from '@jest/globals';
import type { Delta } from '../../src/contract/index.ts';
import { createModelDirectory } from '../../src/models/create-model-directory.ts';
import type { CapacityState } from '../../src/models/model-capacity.ts';
import { ModelError, type ModelProvider } from '../../src/models/model-provider.ts';
import type { Again, TurnActivities } from '../../src/workflows/turn/turn-activities.ts';
import { poll } from '../support/poll.ts';
import { createGate, fails, onceOpen, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const down: ModelProvider = {
  async generate() {
    throw new ModelError('model_unavailable', 'Down.', { retryable: true, retryAfterMs: 10 });
  },
};
const standby: ModelProvider = {
  generate: async () => ({ text: 'stood in', calls: [], usage: { inputTokens: 3, outputTokens: 2 } }),
};

/** Comes back after its second failure. */
let failures = 0;
const flaky: ModelProvider = {
  async generate(request) {
    failures += 1;
    return failures > 2 ? standby.generate(request) : down.generate(request);
  },
};

const rig = useWorkflowRig({
  models: { down, standby, flaky },
  modelBook: {
    providers: {
      scripted: { maxInFlight: 1 },
      down: { fallback: 'standby/model', fallbackAfterMs: 50 },
      flaky: { fallback: 'nobody/model', fallbackAfterMs: 0 },
    },
    models: {},
  },
});

const refuses = fails('model_context_overflow', 'prompt is too long');
const away = (retryAfterMs = 10) => fails('model_unavailable', 'Away.', { retryable: true, retryAfterMs });

/** A session with one long turn behind it, and its next turn: what the model is asked in that one is the script. */
async function afterLongTurn(script: ScriptedAnswer[], limits: { modelPatience?: string } = {}) {
  const { agent, start, end } = rig();
  const name = await agent([says('first'), ...script], {
    context: { strategy: 'summarize', at: 0.8, window: 100_000 },
  });
  const first = await start(name, { input: 'x'.repeat(6_000) });
  await end(first.id);
  return await start(name, { sessionId: first.sessionId, input: 'and now?', limits });
}

/** The first worker that takes the activity lacks some models; the ones after it have all. */
function firstWithout(activity: 'callModel' | 'compactContext', models: Record<string, ModelProvider>) {
  const { activitiesWith, intercept, model } = rig();
  const own = Object.keys(models).length > 0 ? { scripted: model.provider, ...models } : {};
  const lacking = activitiesWith({
    models: createModelDirectory({}, own),
    capabilityPatienceMs: 600_000,
  })[activity] as (input: never) => Promise<unknown>;
  intercept[activity] = (run, input: Parameters<TurnActivities[typeof activity]>[0] & { again?: Again }) =>
    input.again ? run() : lacking(input as never);
}

const delays = (deltas: { n: number; delta: Delta }[]) =>
  deltas.filter(({ delta }) => delta.type === 'model.delayed');

describe('a summary of a conversation that is too long', () => {
  it('is left to a worker that has the model', async () => {
    const { end, logged } = rig();
    firstWithout('compactContext', {});
    const { id } = await afterLongTurn([refuses, says('SUMMARY'), says('second')]);
    const { turn, of } = await end(id);
    expect(turn).toMatchObject({ state: 'completed', output: 'second' });
    expect(of('context.compacted')).toMatchObject([{ strategy: 'summarize' }]);
    expect(logged).toContainEqual(expect.objectContaining({ turnId: id, capability: 'model:scripted' }));
  });

  it('takes a place among the calls that its provider allows', async () => {
    const { end, store } = rig();
    const gate = createGate();
    const { id } = await afterLongTurn([refuses, onceOpen(gate, says('SUMMARY')), says('second')]);
    await gate.reached;
    const used = (await store.modelCapacity.read('scripted'))?.state as CapacityState | undefined;
    expect(Object.keys(used?.leases ?? {})).toEqual([`${id}:1`]);
    gate.open();
    expect((await end(id)).turn.output).toBe('second');
  });

  it('is waited for as an answer is, and readers are told of each delay before and after it', async () => {
    const { end, store } = rig();
    const { id } = await afterLongTurn([away(), refuses, away(), says('SUMMARY'), away(), says('second')]);
    const { turn } = await end(id);
    expect(turn.output).toBe('second');
    expect(turn.modelWait).toBeUndefined();
    const told = await store.deltas.list(id, 1, 0);
    expect(delays(told)).toHaveLength(3);
    expect(told.map(({ n }) => n)).toEqual(told.map((_, index) => index + 1));
  });

  it('ends its turn when the patience with the model is over', async () => {
    const { id } = await afterLongTurn([refuses, away(10_000)], { modelPatience: '2s' });
    expect((await rig().end(id)).turn).toMatchObject({
      state: 'failed',
      error: { code: 'model_unavailable' },
    });
  });
});

describe('a fallback that a worker lacks', () => {
  it('is asked by a worker that has it', async () => {
    const { agent, start, end, logged, announce } = rig();
    firstWithout('callModel', { down });
    const leave = await announce(['model:standby']);
    const { id } = await start(await agent([], { model: 'down/model' }));
    expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'stood in' });
    await poll(() => logged.some((line) => line['turnId'] === id && line['capability'] === 'model:standby'), {
      what: 'it was left to a worker with the fallback',
    });
    await leave();
  });
});

describe('a fallback that no worker has', () => {
  it('is not asked: the step goes on asking its own model', async () => {
    const { agent, start, end, logged } = rig();
    const { id } = await start(await agent([], { model: 'flaky/model' }));
    expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'stood in' });
    expect(failures).toBe(3);
    expect(logged.some((line) => line['turnId'] === id && line['fallback'] === 'nobody/model')).toBe(true);
  });
});
