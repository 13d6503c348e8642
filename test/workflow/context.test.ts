import { describe, expect, it } from '@jest/globals';
import { closingEvents } from '../../src/core/turn/closing.ts';
import type { ModelRequest } from '../../src/models/model-provider.ts';
import { ModelError } from '../../src/models/model-provider.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const long = fakeTool({ name: 'long', run: async () => 'r'.repeat(4_000) });
const rig = useWorkflowRig({ tools: [long] });

const size = ({ messages }: Pick<ModelRequest, 'messages'>) => JSON.stringify(messages).length;

/** A model whose window is so many characters; summaries are said at once. */
function within(characters: number, answer: ScriptedAnswer): ScriptedAnswer {
  return async (request) => {
    if (size(request) <= characters) return answer(request);
    throw new ModelError('model_context_overflow', `prompt is too long: ${size(request)} > ${characters}`);
  };
}
const refuses: ScriptedAnswer = async () => {
  throw new ModelError('model_context_overflow', 'prompt is too long');
};

describe('a conversation that nears its model’s window', () => {
  it('loses its old results before the model is asked, and says so', async () => {
    const { agent, start, end, model, store } = rig();
    const name = await agent([asks(['long']), asks(['long']), asks(['long']), says('done')], {
      tools: ['long'],
      context: { strategy: 'clear_tool_results', at: 0.8, window: 3_000 },
    });
    const turn = await start(name);
    const { turn: record, of } = await end(turn.id);
    expect(record.output).toBe('done');
    const [compacted, ...more] = of('context.compacted');
    expect(more).toEqual([]);
    expect(compacted).toMatchObject({ strategy: 'clear_tool_results', fromTurn: 1, toTurn: 1, toStep: 2 });
    expect(compacted?.tokensBefore).toBeGreaterThan(2_400);
    expect(compacted?.tokensAfter).toBeLessThan(1_600);
    expect(
      model
        .requests(name)
        .at(-1)
        ?.messages.filter(({ role }) => role === 'tool'),
    ).toMatchObject([
      { content: expect.stringContaining('[cleared: this result of 4000 characters') },
      { content: expect.stringContaining('[cleared') },
      { content: 'r'.repeat(4_000) },
    ]);
    // The transcript stays whole.
    expect(of('tool_call.completed').map(({ output }) => output.length)).toEqual([4_000, 4_000, 4_000]);
    expect((await store.transcript.load(turn.id)).at(-1)?.compactions).toHaveLength(1);
  });

  it('is left as it is once the turn has ended, and its model is not asked for a summary', async () => {
    const { agent, start, end, model, store, intercept, executions, leaveOpen } = rig();
    const name = await agent([asks(['long']), asks(['long']), asks(['long'])], {
      tools: ['long'],
      context: { strategy: 'summarize', at: 0.8, window: 3_000 },
    });
    const error = { code: 'terminated', message: 'The turn was terminated in the engine.' };
    const usage = { inputTokens: 0, outputTokens: 0 };
    intercept.compactContext = async (run, { turnId }: { turnId: string }) => {
      const known = await store.events.list(turnId);
      const endedAt = new Date().toISOString();
      const events = closingEvents(turnId, known, { type: 'turn.failed', error, usage }, endedAt);
      await store.turns.end({ turnId, status: 'failed', error, usage, endedAt, events });
      return await run();
    };
    const turn = await start(name);
    leaveOpen(turn.id, 'its row was ended behind its back');
    expect((await end(turn.id)).turn.state).toBe('failed');
    await poll(async () => (await executions.find(turn.id))?.open === false, { what: 'its workflow closes' });
    expect(model.requests(name)).toHaveLength(3);
    expect((await store.transcript.load(turn.id)).at(-1)?.compactions).toEqual([]);
  });

  it('is summarized by its own model, once, though the completion of that is lost', async () => {
    const { agent, start, end, model, intercept } = rig();
    const script = [
      asks(['long']),
      asks(['long']),
      asks(['long']),
      says('SUMMARY', { inputTokens: 100, outputTokens: 7 }),
      says('done'),
    ];
    const name = await agent(script, {
      tools: ['long'],
      context: { strategy: 'summarize', at: 0.8, window: 3_000 },
    });
    let times = 0;
    intercept.compactContext = async (run) => {
      const result = await run();
      times += 1;
      if (times === 1) throw new Error('its completion is lost');
      return result;
    };
    const turn = await start(name);
    const { turn: record, of } = await end(turn.id);
    expect(record).toMatchObject({ output: 'done', usage: { inputTokens: 140, outputTokens: 27 } });
    expect(times).toBe(2);
    expect(of('context.compacted')).toMatchObject([{ strategy: 'summarize', fromStep: 0, toStep: 2 }]);
    const requests = model.requests(name);
    expect(requests).toHaveLength(5);
    expect(requests[3]?.messages[0]).toMatchObject({ text: expect.stringContaining('Calls long') });
    expect(requests[4]?.messages).toMatchObject([
      { role: 'user', text: expect.stringContaining('SUMMARY'), summary: { steps: 2 } },
      { role: 'user', text: 'go' },
      { role: 'assistant' },
      { role: 'tool', content: 'r'.repeat(4_000) },
    ]);
  });
});

describe('a conversation that the provider refuses as too long', () => {
  it('is made shorter and asked again, without a known window and without a setting', async () => {
    const { agent, start, end } = rig();
    const step = within(9_000, asks(['long']));
    const name = await agent([step, step, refuses, within(9_000, says('done'))], { tools: ['long'] });
    const turn = await start(name);
    const { turn: record, of, types } = await end(turn.id);
    expect(record.output).toBe('done');
    expect(of('context.compacted')).toMatchObject([{ strategy: 'clear_tool_results' }]);
    expect(types.filter((type) => type === 'step.started')).toHaveLength(3);
  });

  it('does not end its session: the next turn is answered though the history alone is too long', async () => {
    const { agent, start, end } = rig();
    const name = await agent([
      says('first'),
      refuses,
      // What does not fit at once is summarized in parts.
      ...['PART 1', 'PARTS 1 and 2', 'SUMMARY'].map((text) => says(text)),
      within(3_000, says('second')),
    ]);
    const first = await start(name, { input: 'x'.repeat(20_000) });
    await end(first.id);
    const second = await start(name, { sessionId: first.sessionId, input: 'and now?' });
    const { turn, of } = await end(second.id);
    expect(turn).toMatchObject({ state: 'completed', output: 'second' });
    expect(of('context.compacted')).toMatchObject([{ strategy: 'summarize', fromTurn: 1, toTurn: 1 }]);
  });

  it('goes on though its model refuses to summarize', async () => {
    const { agent, start, end, model } = rig();
    const unwilling: ScriptedAnswer = async () => {
      throw new ModelError('model_refused', 'I would rather not.');
    };
    const name = await agent([says('first'), refuses, unwilling, within(3_000, says('second'))]);
    const first = await start(name, { input: `the order ${'x'.repeat(20_000)}` });
    await end(first.id);
    const second = await start(name, { sessionId: first.sessionId });
    expect((await end(second.id)).turn.output).toBe('second');
    expect(model.requests(name).at(-1)?.messages[0]).toMatchObject({
      text: expect.stringContaining('- the order'),
    });
  });

  it('fails with the provider’s word where nothing can be left out, or nothing shall be', async () => {
    const { agent, start, end } = rig();
    const hopeless = await start(await agent([refuses]));
    const strict = await start(await agent([refuses], { context: { strategy: 'none', at: 0.8 } }));
    for (const { id } of [hopeless, strict]) {
      expect((await end(id)).turn.error).toEqual({
        code: 'model_context_overflow',
        message: 'prompt is too long',
      });
    }
  });
});
