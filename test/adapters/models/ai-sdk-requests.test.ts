import { describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import type { ModelMessage } from '../../../src/models/model-provider.ts';
import { ask, configFor, VENDORS } from './vendors.ts';
import { useWireServer } from './wire-server.ts';

const wire = useWireServer();

const CONTENT = 'a "quote", a \\ and\na line';
const CONVERSATION: ModelMessage[] = [
  { role: 'user', text: 'first' },
  { role: 'user', text: 'steered' },
  {
    role: 'assistant',
    text: ' \n',
    calls: [
      { callId: 'c1', tool: 'read', input: { path: 'a\ud800b' } },
      { callId: 'c2', tool: 'look', input: {} },
    ],
  },
  { role: 'tool', callId: 'c1', tool: 'read', content: CONTENT, isError: false },
  { role: 'tool', callId: 'c2', tool: 'look', content: 'denied: not now', isError: true },
  { role: 'user', text: 'go on' },
];

/** The body of the request that this conversation makes. */
async function bodyFor(name: string, messages = CONVERSATION): Promise<Record<string, unknown>> {
  wire().answers({ status: 500, body: {} });
  await expect(ask(wire().directory, name, messages)).rejects.toMatchObject({ code: 'model_unavailable' });
  const [request] = wire().seen;
  return request?.body as Record<string, unknown>;
}

describe('a conversation on the wire', () => {
  it('is what the Messages API of Anthropic expects', async () => {
    const body = await bodyFor('anthropic/claude-sonnet-4-5');

    expect(body).toMatchObject({ stream: true, system: [{ type: 'text', text: 'Be brief.' }] });
    expect(body['messages']).toMatchObject([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'first' },
          { type: 'text', text: 'steered' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'read', input: { path: 'a\ufffdb' } },
          { type: 'tool_use', id: 'c2', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: CONTENT },
          { type: 'tool_result', tool_use_id: 'c2', content: 'denied: not now', is_error: true },
          { type: 'text', text: 'go on' },
        ],
      },
    ]);
    expect(body['tools']).toMatchObject([
      { name: 'look', input_schema: { type: 'object' } },
      { name: 'read', input_schema: { type: 'object' } },
    ]);
  });

  it('is what the Responses API of OpenAI expects, and is not stored there', async () => {
    const body = await bodyFor('openai/gpt-4o');

    expect(body).toMatchObject({ stream: true, store: false });
    expect(body['input']).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ text: 'first' }, { text: 'steered' }] },
      { type: 'function_call', call_id: 'c1', name: 'read', arguments: '{"path":"a\ufffdb"}' },
      { type: 'function_call', call_id: 'c2', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: CONTENT },
      { type: 'function_call_output', call_id: 'c2', output: '{"error":"denied: not now"}' },
      { role: 'user', content: [{ text: 'go on' }] },
    ]);
  });

  it('is what a chat completions API expects', async () => {
    const body = await bodyFor('openai-compatible/local');

    expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(body['messages']).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ text: 'first' }, { text: 'steered' }] },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'c1', function: { name: 'read', arguments: '{"path":"a\ufffdb"}' } },
          { id: 'c2', function: { name: 'look', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: CONTENT },
      { role: 'tool', tool_call_id: 'c2', content: 'denied: not now' },
      { role: 'user', content: 'go on' },
    ]);
  });

  it.each(VENDORS)('leaves out an assistant message that says nothing: $name', async ({ name }) => {
    const body = await bodyFor(name, [
      { role: 'user', text: 'first' },
      { role: 'assistant', text: '', calls: [] },
      { role: 'user', text: 'second' },
    ]);

    const sent = (body['messages'] ?? body['input']) as { role: string }[];
    expect(sent.filter(({ role }) => role !== 'system')).toHaveLength(1);
  });
});

describe('addresses and keys', () => {
  it('takes the base URL of Anthropic with or without its /v1', async () => {
    for (const base of ['', '/', '/v1', '/v1/']) {
      const found = createModelDirectory({ ...configFor(wire().url), anthropicBaseUrl: wire().url + base });
      wire().answers({ status: 500, body: {} });
      await expect(ask(found, 'anthropic/claude-sonnet-4-5', 'hello')).rejects.toThrow('500');
      expect(wire().seen[0]?.path).toBe('/v1/messages');
    }
  });

  it('sends no authorization to a compatible server when there is no key', async () => {
    const found = createModelDirectory({ openaiBaseUrl: `${wire().url}/v1/` });
    wire().answers({ status: 500, body: {} });
    await expect(ask(found, 'openai-compatible/vendor/model', 'hello')).rejects.toThrow('500');
    expect(wire().seen[0]?.headers.authorization).toBeUndefined();
    expect(wire().seen[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'vendor/model' } });
  });
});
