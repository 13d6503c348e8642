import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { fakeTool, toolError } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { callIdAt } from '../support/rig-turns.ts';
import { asks, asksBadly, createGate, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const gates = { slow: createGate(), middle: createGate() };
const slow = fakeTool({
  name: 'slow',
  run: async (_input, { signal }) => {
    await gates.slow.passed(signal);
    return 'slow done';
  },
});
const middle = fakeTool({
  name: 'middle',
  run: async (_input, { signal }) => {
    await gates.middle.passed(signal);
    return 'middle done';
  },
});
const quick = fakeTool({ name: 'quick' });
const echo = fakeTool({ name: 'echo', run: async ({ text }) => String(text) });
const strict = fakeTool({ name: 'strict', input: z.strictObject({ n: z.number() }) });
const broken = fakeTool({
  name: 'broken',
  run: async ({ how }) => {
    if (how === 'typed') throw toolError('no_such_page', 'There is no such page. Ask for another.');
    throw new Error('a plain bug');
  },
});
const rig = useWorkflowRig({ tools: [slow, middle, quick, echo, strict, broken] });

describe('a turn', () => {
  it('answers, and leaves its story in the store', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('Hello.')]), { input: 'Hi' });
    const { turn: record, types, events } = await end(turn.id);
    expect(types).toEqual(['turn.started', 'step.started', 'text.completed', 'turn.completed']);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(record).toMatchObject({
      state: 'completed',
      output: 'Hello.',
      usage: { inputTokens: 10, outputTokens: 5 },
      pending: [],
    });
    const note = await poll(
      async () =>
        (await rig().notes.list({ limit: 10 })).items.find(({ path }) => path.includes(turn.sessionId)),
      { what: 'the thread note is there' },
    );
    expect(note.path).toBe(`Threads/${turn.agent}/${turn.sessionId}`);
  });

  it('gives the model what its tools answered, step after step', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent(
      [asks(['echo', { text: 'one' }]), asks(['echo', { text: 'two' }]), says('end')],
      {
        tools: ['echo'],
      },
    );
    const turn = await start(name);
    const { of } = await end(turn.id);
    expect(of('step.started').map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(model.requests(name).map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
    expect(model.requests(name)[2]?.messages.at(-1)).toMatchObject({ content: 'two', isError: false });
  });

  it('reads what the turns before it in its session said', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([says('first answer'), says('second answer')]);
    const first = await start(name, { input: 'first' });
    await end(first.id);
    const second = await start(name, { input: 'second', sessionId: first.sessionId });
    await end(second.id);
    expect(model.requests(name)[1]?.messages).toEqual([
      { role: 'user', text: 'first' },
      { role: 'assistant', text: 'first answer', calls: [] },
      { role: 'user', text: 'second' },
    ]);
  });

  it('I18: resolves parallel calls in any order, and gives the model all results in request order', async () => {
    const { agent, start, end, untilEvent, model } = rig();
    const name = await agent([asks(['slow'], ['middle'], ['quick']), says('all there')], {
      tools: ['slow', 'middle', 'quick'],
    });
    const turn = await start(name);
    const completed = (index: number) =>
      untilEvent(turn.id, 'tool_call.completed', ({ callId }) => callId === callIdAt(turn.id, 1, index));
    await completed(2);
    gates.middle.open();
    await completed(1);
    gates.slow.open();
    const { of } = await end(turn.id);
    expect(of('tool_call.completed').map(({ output }) => output)).toEqual([
      'quick done',
      'middle done',
      'slow done',
    ]);
    const results = model.requests(name)[1]?.messages.filter(({ role }) => role === 'tool');
    expect(results).toMatchObject([
      { tool: 'slow', content: 'slow done' },
      { tool: 'middle', content: 'middle done' },
      { tool: 'quick', content: 'quick done' },
    ]);
  });

  it('I14: cuts a long result once, for the model, and keeps it whole', async () => {
    const { agent, start, end, store, model } = rig();
    const name = await agent([asks(['echo', { text: 'x'.repeat(7_000) }]), says('end')], { tools: ['echo'] });
    const turn = await start(name);
    const { of } = await end(turn.id);
    expect(of('tool_call.completed')[0]?.truncated).toEqual({
      shownCharacters: 6_000,
      ofCharacters: 7_000,
    });
    const shown = model.requests(name)[1]?.messages.at(-1);
    expect(shown && 'content' in shown && shown.content).toBe(
      `${'x'.repeat(6_000)}\n[truncated: 6000 of 7000 characters]`,
    );
    expect((await store.ledger.get(callIdAt(turn.id, 1)))?.content).toHaveLength(7_000);
  });
});

describe('a call that cannot be executed', () => {
  const failuresOf = async (answer: Parameters<ReturnType<typeof rig>['agent']>[0][number]) => {
    const { agent, start, end, model } = rig();
    const name = await agent([answer, says('went on')], { tools: ['strict', 'broken', 'echo'] });
    const turn = await start(name);
    const { of, turn: record } = await end(turn.id);
    expect(record.output).toBe('went on');
    expect(model.requests(name)[1]?.messages.at(-1)).toMatchObject({ role: 'tool', isError: true });
    return of('tool_call.failed').map(({ error }) => error);
  };

  it('tells the model which tools there are, when it asked for another', async () => {
    const [error] = await failuresOf(asks(['nope']));
    expect(error).toEqual({
      code: 'unknown_tool',
      message: 'There is no tool "nope". The tools are: strict, broken, echo.',
    });
  });

  it('tells the model what is wrong with its input', async () => {
    const [error] = await failuresOf(asks(['strict', { n: 'seven' }]));
    expect(error?.code).toBe('invalid_input');
    expect(error?.message).toMatch(/^n: /);
    expect(strict.executions).toEqual([]);
  });

  it('tells the model when its arguments were no JSON', async () => {
    expect(await failuresOf(asksBadly('strict', 'The arguments are no JSON: {n:'))).toEqual([
      { code: 'invalid_input', message: 'The arguments are no JSON: {n:' },
    ]);
  });

  it('refuses an input of more than 256 KiB, and keeps it out of history', async () => {
    const before = echo.executions.length;
    const [error] = await failuresOf(asks(['echo', { text: 'x'.repeat(256 * 1024) }]));
    expect(error).toEqual({
      code: 'invalid_input',
      message: 'The input is larger than 256 KiB. Take it in parts.',
    });
    expect(echo.executions.length).toBe(before);
  });

  it('gives the model the error that a tool throws', async () => {
    expect(await failuresOf(asks(['broken', { how: 'typed' }]))).toEqual([
      { code: 'no_such_page', message: 'There is no such page. Ask for another.' },
    ]);
    expect(await failuresOf(asks(['broken', { how: 'plain' }]))).toEqual([
      { code: 'tool_error', message: 'a plain bug' },
    ]);
  });
});
