import { describe, expect, it } from '@jest/globals';
import type { ModelMessage, ModelResponse } from '../../../src/models/model-provider.ts';
import { anthropicFaults } from '../../support/provider-rules/anthropic.ts';
import { chatFaults, responsesFaults } from '../../support/provider-rules/openai.ts';
import { ask, type Frame } from './vendors.ts';
import { useWireServer } from './wire-server.ts';

const wire = useWireServer();

async function answerOf(name: string, frames: Frame[]): Promise<ModelResponse> {
  wire().answers({ frames, end: 'close' });
  return await ask(wire().directory, name, 'weigh it');
}

/** The conversation that goes on behind an answer, as it is kept: through JSON. */
function behind({ text, calls, reasoning }: ModelResponse): ModelMessage[] {
  const asked = calls.map(({ tool, input }, index) => ({ callId: `call_${index}`, tool, input }));
  const kept: ModelMessage = { role: 'assistant', text, calls: asked, ...(reasoning && { reasoning }) };
  return [
    { role: 'user', text: 'weigh it' },
    JSON.parse(JSON.stringify(kept)),
    ...asked.map(
      ({ callId, tool }): ModelMessage => ({ role: 'tool', callId, tool, content: '12 g', isError: false }),
    ),
    ...(asked.length === 0 ? [{ role: 'user' as const, text: 'and now?' }] : []),
  ];
}

async function bodyFor(name: string, messages: ModelMessage[]): Promise<Record<string, unknown>> {
  wire().answers({ status: 500, body: {} });
  await expect(ask(wire().directory, name, messages)).rejects.toMatchObject({ code: 'model_unavailable' });
  return wire().seen[0]?.body as Record<string, unknown>;
}

const claude = (type: string, rest: object = {}): Frame => ({ event: type, data: { type, ...rest } });
const block = (index: number, content: object, ...deltas: object[]): Frame[] => [
  claude('content_block_start', { index, content_block: content }),
  ...deltas.map((delta) => claude('content_block_delta', { index, delta })),
  claude('content_block_stop', { index }),
];
const CLAUDE = 'anthropic/claude-sonnet-4-5';
const claudeAnswer = (stop: string, ...blocks: Frame[][]): Frame[] => [
  claude('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  }),
  ...blocks.flat(),
  claude('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 5 } }),
  claude('message_stop'),
];
const thinks = (index: number, thinking: string, signature: string): Frame[] =>
  block(
    index,
    { type: 'thinking', thinking: '', signature: '' },
    ...(thinking === '' ? [] : [{ type: 'thinking_delta', thinking }]),
    { type: 'signature_delta', signature },
  );
const says = (index: number, text: string): Frame[] =>
  block(index, { type: 'text', text: '' }, { type: 'text_delta', text });
const calls = (index: number, id: string, path: string): Frame[] =>
  block(
    index,
    { type: 'tool_use', id, name: 'read', input: {} },
    { type: 'input_json_delta', partial_json: JSON.stringify({ path }) },
  );

describe('what a Claude thought', () => {
  it('is sent back with the step: signed, redacted and in its place', async () => {
    const answer = await answerOf(
      CLAUDE,
      claudeAnswer(
        'tool_use',
        thinks(0, 'The scale is in the lab.', 'c2lnMQ=='),
        block(1, { type: 'redacted_thinking', data: 'b3BhcXVl' }),
        says(2, 'Let me look.'),
        calls(3, 'toolu_1', 'lab'),
        thinks(4, '', 'c2lnMg=='),
        calls(5, 'toolu_2', 'shed'),
      ),
    );
    expect(answer.text).toBe('Let me look.');

    const body = await bodyFor(CLAUDE, behind(answer));

    expect(anthropicFaults(body)).toEqual([]);
    expect((body['messages'] as unknown[])[1]).toMatchObject({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'The scale is in the lab.', signature: 'c2lnMQ==' },
        { type: 'redacted_thinking', data: 'b3BhcXVl' },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'call_0', input: { path: 'lab' } },
        { type: 'thinking', thinking: '', signature: 'c2lnMg==' },
        { type: 'tool_use', id: 'call_1', input: { path: 'shed' } },
      ],
    });
  });

  it('is sent to no other model', async () => {
    const answer = await answerOf(
      CLAUDE,
      claudeAnswer('tool_use', thinks(0, 'Hm.', 'c2ln'), calls(1, 'toolu_1', 'lab')),
    );

    for (const other of ['anthropic/claude-opus-4-5', 'openai/gpt-5', 'openai-compatible/local']) {
      const body = JSON.stringify(await bodyFor(other, behind(answer)));
      expect(body).not.toMatch(/Hm\.|c2ln|"thinking"/);
      expect(body).toContain('call_0');
    }
  });

  it('is left out, once, where the provider cannot read it any more', async () => {
    const answer = await answerOf(
      CLAUDE,
      claudeAnswer('tool_use', thinks(0, 'Hm.', 'c2ln'), calls(1, 'toolu_1', 'lab')),
    );
    const refusal = (message: string) => ({
      status: 400,
      body: { type: 'error', error: { type: 'invalid_request_error', message } },
    });
    wire().answers(refusal('messages.1.content.0: Invalid `signature` in `thinking` block'), {
      frames: claudeAnswer('end_turn', says(0, '12 g.')),
      end: 'close',
    });

    expect(await ask(wire().directory, CLAUDE, behind(answer))).toMatchObject({ text: '12 g.' });
    expect(wire().seen.map(({ body }) => JSON.stringify(body).includes('c2ln'))).toEqual([true, false]);

    wire().answers(refusal('messages.1: something else is wrong'));
    await expect(ask(wire().directory, CLAUDE, behind(answer))).rejects.toMatchObject({
      code: 'model_bad_request',
    });
    expect(wire().seen).toHaveLength(1);
  });
});

const gpt = (type: string, rest: object): Frame => ({
  event: type,
  data: { type, sequence_number: 1, ...rest },
});

/** A whole answer of a Responses API with these items. */
function gptAnswer(...items: Record<string, unknown>[]): Frame[] {
  const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5', output: [] };
  const frames = items.flatMap((item, output_index) => {
    const added = { ...item, ...('arguments' in item && { arguments: '' }), encrypted_content: null };
    const text = item['type'] === 'message' ? 'Let me look.' : undefined;
    return [
      gpt('response.output_item.added', { output_index, item: added }),
      ...(text === undefined
        ? []
        : [
            gpt('response.output_text.delta', {
              item_id: item['id'],
              output_index,
              content_index: 0,
              delta: text,
            }),
          ]),
      gpt('response.output_item.done', { output_index, item }),
    ];
  });
  const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
  return [
    gpt('response.created', { response }),
    ...frames,
    gpt('response.completed', { response: { ...response, status: 'completed', usage } }),
  ];
}

describe('what a GPT thought', () => {
  it('is sent back encrypted, in front of what followed it', async () => {
    const call = { type: 'function_call', name: 'read', status: 'completed' };
    const answer = await answerOf(
      'openai/gpt-5',
      gptAnswer(
        { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'ZW5jMQ==' },
        { id: 'msg_1', type: 'message', role: 'assistant', content: [], status: 'completed' },
        { id: 'fc_1', call_id: 'c1', arguments: '{"path":"lab"}', ...call },
        { id: 'rs_2', type: 'reasoning', summary: [], encrypted_content: 'ZW5jMg==' },
        { id: 'fc_2', call_id: 'c2', arguments: '{"path":"shed"}', ...call },
      ),
    );
    expect(answer.text).toBe('Let me look.');

    const body = await bodyFor('openai/gpt-5', behind(answer));

    expect(body['include']).toContain('reasoning.encrypted_content');
    expect(responsesFaults(body)).toEqual([]);
    const input = (body['input'] as Record<string, unknown>[]).slice(2);
    expect(input).toMatchObject([
      { type: 'reasoning', encrypted_content: 'ZW5jMQ==' },
      { role: 'assistant' },
      { type: 'function_call', call_id: 'call_0' },
      { type: 'reasoning', encrypted_content: 'ZW5jMg==' },
      { type: 'function_call', call_id: 'call_1' },
      { type: 'function_call_output', call_id: 'call_0' },
      { type: 'function_call_output', call_id: 'call_1' },
    ]);
  });
});

const LOCAL = 'openai-compatible/local';
const chat = (delta: object, finish_reason: string | null = null): Frame => ({
  data: {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'local',
    choices: [{ index: 0, delta, finish_reason }],
  },
});
const chatCall = (more: object = {}): Frame =>
  chat({
    tool_calls: [
      { index: 0, id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' }, ...more },
    ],
  });
const chatAnswer = (...frames: Frame[]): Frame[] => [...frames, chat({}, 'tool_calls'), { data: '[DONE]' }];

describe('what a model behind a chat completions API thought', () => {
  it.each([
    ['reasoning_content', 'Where is ', 'the scale?', 'Where is the scale?'],
    ['reasoning', 'Where is ', 'the scale?', 'Where is the scale?'],
    ['reasoning_details', [{ type: 'a' }], [{ type: 'b' }], [{ type: 'a' }, { type: 'b' }]],
  ])('is sent back under the name that it came by: %s', async (field, first, second, whole) => {
    const answer = await answerOf(
      LOCAL,
      chatAnswer(chat({ [field]: first }), chat({ [field]: second }), chatCall()),
    );

    const body = await bodyFor(LOCAL, behind(answer));

    expect(chatFaults(body)).toEqual([]);
    const [, , assistant] = body['messages'] as Record<string, unknown>[];
    expect(assistant).toMatchObject({ role: 'assistant', [field]: whole, tool_calls: [{ id: 'call_0' }] });
    expect(Object.keys(assistant ?? {}).filter((name) => name.startsWith('reasoning'))).toEqual([field]);
  });

  it('is not sent back with an answer that calls nothing', async () => {
    const frames = [chat({ reasoning_content: 'Easy.' }), chat({ content: '12 g.' }), chat({}, 'stop')];
    const answer = await answerOf(LOCAL, [...frames, { data: '[DONE]' }]);

    expect(JSON.stringify(await bodyFor(LOCAL, behind(answer)))).not.toContain('Easy.');
  });

  it('is sent back as the signature of a call', async () => {
    const answer = await answerOf(
      LOCAL,
      chatAnswer(chatCall({ extra_content: { google: { thought_signature: 'c2ln' } } })),
    );

    const [, , assistant] = (await bodyFor(LOCAL, behind(answer)))['messages'] as Record<string, unknown>[];

    expect(assistant?.['tool_calls']).toEqual([
      expect.objectContaining({ id: 'call_0', extra_content: { google: { thought_signature: 'c2ln' } } }),
    ]);
  });

  it('is sent empty where the server misses it and nobody has it', async () => {
    const calls = [{ callId: 'call_0', tool: 'read', input: {} }];
    const messages = behind({ text: '', calls, usage: { inputTokens: 1, outputTokens: 1 } });
    wire().answers(
      { status: 400, body: { error: { message: 'reasoning_content is missing in message 1' } } },
      { frames: [chat({ content: '12 g.' }), chat({}, 'stop'), { data: '[DONE]' }], end: 'close' },
    );

    expect(await ask(wire().directory, LOCAL, messages)).toMatchObject({ text: '12 g.' });
    const [, second] = wire().seen.map(({ body }) => (body as { messages: unknown[] }).messages[2]);
    expect(second).toMatchObject({ reasoning_content: '', tool_calls: [{ id: 'call_0' }] });
  });
});
