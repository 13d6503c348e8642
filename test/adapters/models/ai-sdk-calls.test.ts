import { describe, expect, it } from '@jest/globals';
import { ask, type Frame, VENDORS } from './vendors.ts';
import { useWireServer } from './wire-server.ts';

const wire = useWireServer();

const LOCAL = 'openai-compatible/local';

const chunk = (delta: object, finish_reason: string | null = null): Frame => ({
  data: { id: 'c', created: 1, model: 'local', choices: [{ index: 0, delta, finish_reason }] },
});
const call = (index: number, id: string | null, name: string, args: string): Frame =>
  chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] });
const END = [chunk({}, 'tool_calls'), { data: '[DONE]' }];

async function callsOf(name: string, frames: Frame[]) {
  wire().answers({ frames, end: 'close' });
  return (await ask(wire().directory, name, 'go')).calls;
}

const A = '{"path":"a","mode":1}';
const A_TURNED = '{"mode":1, "path":"a"}';
const B = '{"path":"b","mode":1}';
const inputOf = (args: string) => ({ tool: 'read', input: JSON.parse(args) });

describe('a call that an answer of a chat completions API has twice', () => {
  it.each([
    ['at two places', [call(0, 'c1', 'read', A), call(1, 'c1', 'read', A), ...END]],
    [
      'with its arguments in another order',
      [call(0, 'c1', 'read', A), call(1, 'c1', 'read', A_TURNED), ...END],
    ],
    ['three times', [0, 1, 2].map((index) => call(index, 'c1', 'read', A)).concat(END)],
    [
      'once more in the last chunk',
      [call(0, 'c1', 'read', A), chunk({}, 'tool_calls'), call(0, 'c1', 'read', A), ...END],
    ],
  ])('is one call: %s', async (_, frames) => {
    expect(await callsOf(LOCAL, frames)).toEqual([inputOf(A)]);
  });

  it.each([
    ['other arguments', [call(0, 'c1', 'read', A), call(1, 'c1', 'read', B), ...END], [A, B]],
    ['another id', [call(0, 'c1', 'read', A), call(1, 'c2', 'read', A), ...END], [A, A]],
    ['no ids', [call(0, null, 'read', A), call(1, null, 'read', A), ...END], [A, A]],
    ['blank ids', [call(0, '', 'read', A), call(1, '', 'read', A), ...END], [A, A]],
  ])('stays two calls with %s', async (_, frames, expected) => {
    expect(await callsOf(LOCAL, frames)).toEqual(expected.map(inputOf));
  });

  it('is one call of another tool where the name differs', async () => {
    const frames = [call(0, 'c1', 'read', A), call(1, 'c1', 'look', A), ...END];
    expect((await callsOf(LOCAL, frames)).map(({ tool }) => tool)).toEqual(['read', 'look']);
  });
});

describe('a call that a Claude makes twice by one id', () => {
  const claude = (type: string, rest: object = {}): Frame => ({ event: type, data: { type, ...rest } });
  const block = (index: number, args: string): Frame[] => [
    claude('content_block_start', {
      index,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} },
    }),
    claude('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: args } }),
    claude('content_block_stop', { index }),
  ];
  const answer = (...args: string[]): Frame[] => {
    const [start, ...rest] = VENDORS[0]?.call('read', '{}') ?? [];
    return [
      ...(start ? [start] : []),
      ...args.flatMap((each, index) => block(index, each)),
      ...rest.slice(-2),
    ];
  };

  it('is one call with the same arguments, and two with others', async () => {
    expect(await callsOf('anthropic/claude-sonnet-4-5', answer(A, A))).toEqual([inputOf(A)]);
    expect(await callsOf('anthropic/claude-sonnet-4-5', answer(A, B))).toEqual([inputOf(A), inputOf(B)]);
  });
});

describe.each(VENDORS)('a call without a name, of $name', (vendor) => {
  it('is no call where nothing else is said', async () => {
    expect(await callsOf(vendor.name, vendor.call('', '{}'))).toEqual([]);
    expect(await callsOf(vendor.name, vendor.call('  ', '{}'))).toEqual([]);
  });
});

describe('a call without a name', () => {
  it('is a failed one beside text or other calls', async () => {
    const nameless = { tool: '', input: {}, invalid: 'The call names no tool.' };
    const text = chunk({ content: 'Looking.' });

    expect(await callsOf(LOCAL, [text, call(0, 'c1', '', '{}'), ...END])).toEqual([nameless]);
    expect(await callsOf(LOCAL, [call(0, 'c1', 'read', A), call(1, 'c2', '', '{}'), ...END])).toEqual([
      inputOf(A),
      nameless,
    ]);
  });

  it('has one after all where a later chunk gives it', async () => {
    const parts = [call(0, 'c1', '', ''), call(0, 'c1', 'read', A), ...END];
    expect(await callsOf(LOCAL, parts)).toEqual([inputOf(A)]);
    const again = [call(0, 'c1', 'read', '{"path":"a"'), call(0, 'c1', '', ',"mode":1}'), ...END];
    expect(await callsOf(LOCAL, again)).toEqual([inputOf(A)]);
  });
});
