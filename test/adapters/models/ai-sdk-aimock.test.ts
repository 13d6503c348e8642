import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import type { ModelDirectory } from '../../../src/models/model-provider.ts';
import { ask, configFor, VENDORS } from './vendors.ts';

let mock: LLMock;
let directory: ModelDirectory;

beforeAll(async () => {
  mock = await LLMock.create({ port: 0, logLevel: 'silent' });
  directory = createModelDirectory(configFor(mock.url));
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
});

describe.each(VENDORS)('$name against the fake API', ({ name, path }) => {
  it('streams text in pieces that, joined, are the answer', async () => {
    const content = 'Durable turns survive crashes — “even” this: 🧵\n"quoted" \\ and more.';
    mock.onMessage('hello', { content, usage: usage(12, 34) }, { chunkSize: 7 });

    const pieces: string[] = [];
    const answer = await ask(directory, name, 'hello', { pieces });

    expect(answer).toEqual({ text: content, calls: [], usage: { inputTokens: 12, outputTokens: 34 } });
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toBe(content);
    expect(mock.getLastRequest()?.path).toBe(path);
  });

  it('returns several calls of one step in the order in which they were asked for', async () => {
    mock.onMessage('work', {
      content: 'Looking.',
      toolCalls: [
        { name: 'read', arguments: { path: 'a"\\\n.txt', deep: { list: [1, null, { x: 'é' }] } } },
        { name: 'look', arguments: {} },
        { name: 'read', arguments: { path: 'b.txt' } },
      ],
    });

    const { text, calls } = await ask(directory, name, 'work');

    expect(text).toBe('Looking.');
    expect(calls).toEqual([
      { tool: 'read', input: { path: 'a"\\\n.txt', deep: { list: [1, null, { x: 'é' }] } } },
      { tool: 'look', input: {} },
      { tool: 'read', input: { path: 'b.txt' } },
    ]);
  });

  it('passes a call of a tool that was not offered on to the caller', async () => {
    mock.onMessage('work', { toolCalls: [{ name: 'invented', arguments: { x: 1 } }] });

    const { calls } = await ask(directory, name, 'work');

    expect(calls).toEqual([{ tool: 'invented', input: { x: 1 } }]);
  });

  it('marks arguments that are no object as invalid', async () => {
    mock.onMessage('work', { toolCalls: [{ name: 'look', arguments: '[1]' }] });

    const { calls } = await ask(directory, name, 'work');

    expect(calls).toEqual([{ tool: 'look', input: {}, invalid: expect.stringContaining('JSON object') }]);
  });

  it('reports 429 as retryable after the time that Retry-After asks for, with a single request', async () => {
    mock.onMessage('busy', { error: { message: 'slow down' }, status: 429, retryAfter: 7 });

    await expect(ask(directory, name, 'busy')).rejects.toMatchObject({
      name: 'ModelError',
      code: 'model_rate_limited',
      retryable: true,
      retryAfterMs: 7_000,
    });
    expect(mock.getRequests()).toHaveLength(1);
  });

  it.each([500, 503, 529])(
    'reports %i as unavailable and retryable, with a single request',
    async (status) => {
      mock.onMessage('boom', { error: { message: 'oops' }, status });

      await expect(ask(directory, name, 'boom')).rejects.toMatchObject({
        code: 'model_unavailable',
        retryable: true,
      });
      expect(mock.getRequests()).toHaveLength(1);
    },
  );

  it('reports a stream that is cut in the middle as unavailable and retryable', async () => {
    const content = 'This sentence will not be finished, whatever we do about it.';
    mock.onMessage('cut', { content }, { chunkSize: 5, latency: 5, truncateAfterChunks: 8 });

    const pieces: string[] = [];
    await expect(ask(directory, name, 'cut', { pieces })).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
    });
    expect(pieces.length).toBeGreaterThan(0);
    expect(content.startsWith(pieces.join(''))).toBe(true);
  });

  it.each([
    'prompt is too long: 210000 tokens > 200000 maximum',
    "This model's maximum context length is 128000 tokens.",
    'Your input exceeds the context window of this model.',
    'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
  ])('reports a 400 with "%s" as context overflow', async (message) => {
    mock.onMessage('long', { error: { message, type: 'invalid_request_error' }, status: 400 });

    await expect(ask(directory, name, 'long')).rejects.toMatchObject({
      code: 'model_context_overflow',
      retryable: false,
    });
  });

  it.each([
    [400, 'model_bad_request'],
    [401, 'model_unauthorized'],
    [403, 'model_unauthorized'],
    [404, 'model_bad_request'],
    [413, 'model_context_overflow'],
  ])('reports %i as %s, not to be tried again', async (status, code) => {
    mock.onMessage('no', { error: { message: 'no', type: 'some_error' }, status });

    await expect(ask(directory, name, 'no')).rejects.toMatchObject({ code, retryable: false });
  });
});

function usage(input: number, output: number) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
  };
}
