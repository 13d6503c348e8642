import type {
  ModelDirectory,
  ModelMessage,
  ModelProvider,
  ModelRequest,
} from '../../../src/models/model-provider.ts';

/** One server-sent frame of a vendor's stream. */
export interface Frame {
  event?: string;
  data: unknown;
}

/** How one vendor's API says things, for a server that plays it. */
export interface Vendor {
  /** `provider/model`. */
  name: string;
  path: string;
  /** Error body of the vendor. */
  error(type: string, message: string): unknown;
  /** The frames of an answer that begins with this text and is not over. */
  begin(text: string): Frame[];
  /** A whole answer with one call and these arguments as the model wrote them. */
  call(tool: string, argumentText: string): Frame[];
  /** A whole answer in which the model refuses. */
  refusal(text: string): Frame[];
  /** A whole answer that the output limit cut. */
  truncated(text: string): Frame[];
  /** An error in the middle of a stream: the vendor has too much to do. */
  overloaded: Frame[];
}

export const KEY = 'key-0123456789abcdef';

const claude = (type: string, rest: object): Frame => ({ event: type, data: { type, ...rest } });
const claudeStart = claude('message_start', {
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
});
const claudeText = (text: string): Frame[] => [
  claudeStart,
  claude('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  claude('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
];
const claudeEnd = (reason: string): Frame[] => [
  claude('content_block_stop', { index: 0 }),
  claude('message_delta', {
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 5 },
  }),
  claude('message_stop', {}),
];

const anthropic: Vendor = {
  name: 'anthropic/claude-sonnet-4-5',
  path: '/v1/messages',
  error: (type, message) => ({ type: 'error', error: { type, message } }),
  begin: claudeText,
  call: (tool, argumentText) => [
    claudeStart,
    claude('content_block_start', {
      index: 0,
      content_block: { type: 'tool_use', id: 'toolu_1', name: tool, input: {} },
    }),
    claude('content_block_delta', {
      index: 0,
      delta: { type: 'input_json_delta', partial_json: argumentText },
    }),
    ...claudeEnd('tool_use'),
  ],
  refusal: (text) => [...claudeText(text), ...claudeEnd('refusal')],
  truncated: (text) => [...claudeText(text), ...claudeEnd('max_tokens')],
  overloaded: [claude('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })],
};

let sequence = 0;
const gpt = (type: string, rest: object): Frame => {
  sequence += 1;
  return { event: type, data: { type, sequence_number: sequence, ...rest } };
};
const gptResponse = { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-4o', output: [] };
const gptUsage = {
  input_tokens: 3,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 8,
};
const gptEnd = (type: string, rest: object): Frame =>
  gpt(type, { response: { ...gptResponse, usage: gptUsage, ...rest } });
const gptMessage = { id: 'm1', type: 'message', role: 'assistant', content: [] };
const gptStart = (): Frame[] => [
  gpt('response.created', { response: { ...gptResponse, status: 'in_progress' } }),
  gpt('response.output_item.added', { output_index: 0, item: { ...gptMessage, status: 'in_progress' } }),
];
const gptText = (text: string): Frame[] => [
  ...gptStart(),
  gpt('response.output_text.delta', { item_id: 'm1', output_index: 0, content_index: 0, delta: text }),
];
const gptItemDone = (): Frame =>
  gpt('response.output_item.done', { output_index: 0, item: { ...gptMessage, status: 'completed' } });

const openai: Vendor = {
  name: 'openai/gpt-4o',
  path: '/v1/responses',
  error: (type, message) => ({ error: { type, message, code: type, param: null } }),
  begin: gptText,
  call: (tool, argumentText) => {
    const item = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: tool };
    return [
      gpt('response.created', { response: gptResponse }),
      gpt('response.output_item.added', {
        output_index: 0,
        item: { ...item, arguments: '', status: 'in_progress' },
      }),
      gpt('response.function_call_arguments.delta', {
        item_id: 'fc_1',
        output_index: 0,
        delta: argumentText,
      }),
      gpt('response.output_item.done', {
        output_index: 0,
        item: { ...item, arguments: argumentText, status: 'completed' },
      }),
      gptEnd('response.completed', { status: 'completed' }),
    ];
  },
  refusal: (text) => [
    ...gptStart(),
    gpt('response.refusal.delta', { item_id: 'm1', output_index: 0, content_index: 0, delta: text }),
    gpt('response.refusal.done', { item_id: 'm1', output_index: 0, content_index: 0, refusal: text }),
    gptItemDone(),
    gptEnd('response.completed', { status: 'completed' }),
  ],
  truncated: (text) => [
    ...gptText(text),
    gptItemDone(),
    gptEnd('response.incomplete', {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }),
  ],
  overloaded: [
    gpt('response.failed', {
      response: {
        ...gptResponse,
        status: 'failed',
        error: { code: 'server_error', message: 'The server had an error' },
      },
    }),
  ],
};

const chat = (delta: object, finishReason: string | null = null): Frame => ({
  data: {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'local',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  },
});
const DONE: Frame = { data: '[DONE]' };

const compatible: Vendor = {
  name: 'openai-compatible/local',
  path: '/v1/chat/completions',
  error: (type, message) => ({ error: { type, message, code: type, param: null } }),
  begin: (text) => [chat({ role: 'assistant', content: text })],
  call: (tool, argumentText) => [
    chat({
      tool_calls: [
        { index: 0, id: 'call_1', type: 'function', function: { name: tool, arguments: argumentText } },
      ],
    }),
    chat({}, 'tool_calls'),
    DONE,
  ],
  refusal: (text) => [chat({ role: 'assistant', content: text }), chat({}, 'content_filter'), DONE],
  truncated: (text) => [chat({ role: 'assistant', content: text }), chat({}, 'length'), DONE],
  overloaded: [{ data: { error: { message: 'Try again later', type: 'server_error', code: null } } }],
};

export const VENDORS: readonly Vendor[] = [anthropic, openai, compatible];

/** Settings that send every vendor's requests to one server. */
export function configFor(url: string) {
  return {
    anthropicApiKey: KEY,
    anthropicBaseUrl: url,
    openaiApiKey: KEY,
    openaiBaseUrl: `${url}/v1`,
  };
}

/** Asks the named model once; `pieces` is filled as the text arrives. */
export function ask(
  directory: ModelDirectory,
  name: string,
  said: string | ModelMessage[],
  { pieces = [], ...given }: Partial<ModelRequest> & { pieces?: string[] } = {},
): ReturnType<ModelProvider['generate']> {
  const { provider, model } = directory(name);
  return provider.generate({
    model,
    instructions: 'Be brief.',
    messages: typeof said === 'string' ? [{ role: 'user', text: said }] : said,
    tools: ['look', 'read'].map((tool) => ({
      name: tool,
      description: `Does ${tool}.`,
      inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
    })),
    attempt: 1,
    signal: new AbortController().signal,
    onText: (piece) => pieces.push(piece),
    ...given,
  });
}
