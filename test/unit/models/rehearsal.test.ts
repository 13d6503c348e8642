import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRehearsalProvider } from '../../../src/models/rehearsal.ts';
import { conversation, play, type Trace } from './rehearsal-fixture.ts';

describe('the steps of a rehearsal', () => {
  it('answers a message without any command with what was said', async () => {
    const trace: Trace = [];
    const { text, calls } = await play('Hello\n  /not a command', { trace });

    expect(text).toBe('You said: Hello\n  /not a command');
    expect(calls).toEqual([]);
    expect(trace).toEqual([text]);
  });

  it('asks for the calls of a step together, in the order written', async () => {
    const script = '/call read {"path":"a"}\n\n/call look\n/sleep 5\n/call read {"deep":{"x":[1,null,"é"]}}';
    const { text, calls } = await play(script);

    expect(text).toBe('');
    expect(calls).toEqual([
      { tool: 'read', input: { path: 'a' } },
      { tool: 'look', input: {} },
      { tool: 'read', input: { deep: { x: [1, null, 'é'] } } },
    ]);
  });

  it('goes on with the next step once the results are there, and ends with one line per result', async () => {
    const script = '/call a\n/call b\n/next\n/call c';

    expect((await play(conversation(script, [['a', 'b']]))).calls).toEqual([{ tool: 'c', input: {} }]);
    expect(await play(conversation(script, [['a', 'b'], ['c']]))).toMatchObject({
      text: 'a: a did c1\nb: b did c2\nc: c did c3',
      calls: [],
    });
  });

  it.each([
    '/say all\n/call a\n/say done',
    '/call a\n/say all\n/say done',
    '/call a\n/next\n/say all\n/say done',
  ])('ends the turn with what /say says, wherever it stands: %j', async (script) => {
    expect(await play(script)).toMatchObject({ text: '', calls: [{ tool: 'a' }] });
    expect(await play(conversation(script, [['a']]))).toMatchObject({ text: 'all\ndone', calls: [] });
  });

  it('plays the latest user message only', async () => {
    const messages = conversation('/call a\n/next\n/call b', [['a']]);

    const steered = await play([...messages, { role: 'user', text: '/call c' }]);
    expect(steered.calls).toEqual([{ tool: 'c', input: {} }]);
    expect((await play([...messages, { role: 'user', text: 'stop' }])).text).toBe('You said: stop');
  });

  it('tells an error result like any other', async () => {
    const messages = conversation('/call a', [['a']]);
    messages[2] = { role: 'tool', callId: 'c1', tool: 'a', content: 'denied: no', isError: true };

    expect((await play(messages)).text).toBe('a: denied: no');
  });

  it('says the text byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        fc.pre(!text.includes('\n') && !text.endsWith('\r'));
        expect((await play(`/say ${text}`)).text).toBe(text);
      }),
    );
  });
});

describe('streaming, waiting and counting', () => {
  it('cuts the final text into pieces, with a wait between two', async () => {
    const trace: Trace = [];
    const { text } = await play('/stream 3 40\n/say abcdefgh', { trace });

    expect(trace).toEqual(['ab', 40, 'cde', 40, 'fgh']);
    expect(text).toBe('abcdefgh');
  });

  it('ticks where the step has no text, and the ticks are its text', async () => {
    const trace: Trace = [];
    const step = await play('/stream 3 10\n/call a', { trace });

    expect(trace).toEqual(['tick 1', 10, '\ntick 2', 10, '\ntick 3']);
    expect(step).toMatchObject({ text: 'tick 1\ntick 2\ntick 3', calls: [{ tool: 'a' }] });
    expect((await play('/stream 2 0')).text).toBe('tick 1\ntick 2');
  });

  it('streams the results when the last step has nothing else to say', async () => {
    const trace: Trace = [];
    await play(conversation('/call a\n/next\n/stream 2 1', [['a']]), { trace });

    expect(trace).toEqual(['a: a ', 1, 'did c1']);
  });

  it('joins the pieces to the text and never cuts a code point', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((said) => !/[\r\n]/.test(said));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (said, count) => {
        const trace: Trace = [];
        const step = await play(`/stream ${count} 0\n/say ${said}`, { trace });
        const pieces = trace.filter((entry) => typeof entry === 'string');
        expect(pieces.join('')).toBe(said);
        expect(step.text).toBe(said);
        expect(pieces.length).toBe(Math.min(count, [...said].length));
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
      }),
    );
  });

  it('acts in the order written; text that nothing streams comes last', async () => {
    const first: Trace = [];
    await play('/sleep 1\n/stream 1 0\n/sleep 2\n/say x', { trace: first });
    expect(first).toEqual([1, 'x', 2]);

    const second: Trace = [];
    await play('/say x\n/sleep 3', { trace: second });
    expect(second).toEqual([3, 'x']);
  });

  it('reports the usage that /usage sets for its step, else a quarter of the characters', async () => {
    const script = '/usage 100 7\n/call a';
    expect((await play(script)).usage).toEqual({ inputTokens: 100, outputTokens: 7 });
    expect((await play('Hello', { instructions: '12345' })).usage).toEqual({
      inputTokens: 3,
      outputTokens: 4,
    });
    const final = (await play(conversation(script, [['a']]))).usage;
    expect(final.inputTokens).toBeGreaterThan(5);
    expect(final.outputTokens).toBe(3);
  });
});

describe('rehearsed failures', () => {
  it('fails so often, with the codes that the statuses mean, then goes on', async () => {
    const script = '/fail 2 429\n/fail 1 503\n/say done';

    for (const attempt of [1, 2]) {
      await expect(play(script, { attempt })).rejects.toMatchObject({
        code: 'model_rate_limited',
        retryable: true,
      });
    }
    await expect(play(script, { attempt: 3 })).rejects.toMatchObject({ code: 'model_unavailable' });
    expect((await play(script, { attempt: 4 })).text).toBe('done');
  });

  it.each([
    [400, 'model_bad_request', false],
    [401, 'model_unauthorized', false],
    [403, 'model_unauthorized', false],
    [404, 'model_bad_request', false],
    [413, 'model_context_overflow', false],
    [429, 'model_rate_limited', true],
    [500, 'model_unavailable', true],
    [529, 'model_unavailable', true],
  ])('takes %i for %s', async (status, code, retryable) => {
    await expect(play(`/fail 1 ${status}`)).rejects.toMatchObject({ code, retryable });
  });

  it('fails where it stands: after the text that was streamed before', async () => {
    const trace: Trace = [];
    await expect(play('/stream 2 5\n/fail 1 500\n/sleep 9', { trace })).rejects.toThrow('HTTP 500');
    expect(trace).toEqual(['tick 1', 5, '\ntick 2']);
  });
});

describe('an abort', () => {
  const reason = new Error('the turn was cancelled');

  it('is thrown with its reason before anything happens', async () => {
    const trace: Trace = [];
    await expect(play('/say x', { trace, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(trace).toEqual([]);
  });

  it.each(['/sleep 3600000', '/stream 2 3600000'])('ends the wait of %s at once', async (script) => {
    const controller = new AbortController();
    const pending = createRehearsalProvider().generate({
      model: 'script',
      instructions: '',
      messages: [{ role: 'user', text: script }],
      tools: [],
      attempt: 1,
      signal: controller.signal,
      onText: () => undefined,
    });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});
