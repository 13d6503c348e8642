import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBlank, StartTurnBody, SteerBody, type TurnFact } from '../../../src/contract/index.ts';
import type { ModelMessage } from '../../../src/models/model-provider.ts';
import { wireName } from '../../../src/models/wire-names.ts';
import type { Reasoning, TranscriptTurn } from '../../../src/store/store.ts';
import { buildMessages } from '../../support/build-messages.ts';
import { anthropicFaults } from '../../support/provider-rules/anthropic.ts';
import { chatFaults, responsesFaults } from '../../support/provider-rules/openai.ts';
import type { Rules } from '../../support/provider-rules/rules.ts';
import { completed, failed, started, steered, transcriptTurn } from '../../unit/models/transcript-fixture.ts';
import { ask, VENDORS } from './vendors.ts';
import { useWireServer } from './wire-server.ts';

const wire = useWireServer();

const RULES: Record<string, Rules> = {
  anthropic: anthropicFaults,
  openai: responsesFaults,
  'openai-compatible': chatFaults,
};

const rulesOf = (name: string): Rules => RULES[name.split('/')[0] ?? ''] ?? (() => ['no rules']);

/** The body of the request that these messages make. */
async function bodyFor(name: string, messages: ModelMessage[]): Promise<Record<string, unknown>> {
  wire().answers({ status: 500, body: {} });
  await expect(ask(wire().directory, name, messages)).rejects.toMatchObject({ code: 'model_unavailable' });
  return wire().seen[0]?.body as Record<string, unknown>;
}

const BAD_NAMES = [
  'functions.list:0',
  'calendar.days.list',
  '',
  ' ',
  'a/b',
  'größe',
  '\ud800',
  `ls -l ${'x'.repeat(400)}`,
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
];

const BLANKS = ['', ' ', '\n\t', '\u00a0', '\u2003', '\u0085', '\u001f', '\ufeff'];

const callName = fc.oneof(fc.constantFrom('look', 'read', ...BAD_NAMES), fc.string());
const said = fc.oneof(fc.constantFrom('go on', ...BLANKS), fc.string({ unit: 'binary' }));

interface PlannedStep {
  text: string;
  steer: string | undefined;
  calls: { name: string; output: string | undefined }[];
  /** Whether the step has what this model or another one thought. */
  thought: 'own' | 'other' | undefined;
}

interface Planned {
  input: string;
  steps: PlannedStep[];
}

const step: fc.Arbitrary<PlannedStep> = fc.record({
  text: said,
  steer: fc.option(said, { nil: undefined }),
  calls: fc.array(fc.record({ name: callName, output: fc.option(said, { nil: undefined }) }), {
    maxLength: 3,
  }),
  thought: fc.constantFrom('own', 'other', undefined),
});

const session: fc.Arbitrary<Planned[]> = fc.array(
  fc.record({ input: said, steps: fc.array(step, { maxLength: 3 }) }),
  { minLength: 1, maxLength: 4 },
);

/** What a model of each vendor would have written before its text and its calls. */
function thoughtOf(
  name: string,
  { text, calls, thought }: PlannedStep,
  place: string,
): Reasoning | undefined {
  if (thought === undefined) return undefined;
  const metadata = {
    anthropic: { signature: 'c2ln' },
    openai: { itemId: `rs_${place}`, reasoningEncryptedContent: 'ZW5j' },
  };
  return {
    model: thought === 'own' ? name : `${name}-other`,
    parts: [
      ...(name.startsWith('openai-compatible')
        ? []
        : [{ type: 'reasoning' as const, text: `thought ${thought}`, metadata }]),
      { type: 'text', length: text.length },
      ...calls.map((_, index) => ({ type: 'call' as const, index })),
    ],
    ...(name.startsWith('openai-compatible') && { fields: { reasoning_content: `thought ${thought}` } }),
  };
}

/** The transcript that a session of this course leaves. A step without a word is no answer, and not recorded. */
function transcriptOf(name: string, planned: Planned[]): TranscriptTurn[] {
  return planned.map(({ input, steps }, ordinal) => {
    const facts: TurnFact[] = [];
    const results = steps.map((planned, index) => {
      const { text, steer, calls } = planned;
      if (steer !== undefined) facts.push(steered(steer));
      facts.push(started(index + 1));
      const made = calls.map(({ name: tool, output }, at) => {
        const callId = `call_${ordinal}_${index}_${at}`;
        facts.push(
          output === undefined ? failed(callId, 'unknown_tool', 'No such.') : completed(callId, output),
        );
        return { callId, tool, input: {}, inputDigest: '' };
      });
      const isAnswer = made.length > 0 || !isBlank(text);
      const reasoning = isAnswer ? thoughtOf(name, planned, `${ordinal}_${index}`) : undefined;
      const usage = { inputTokens: 1, outputTokens: 1 };
      return { step: index + 1, result: { text, calls: made, usage, ...(reasoning && { reasoning }) } };
    });
    const turn = transcriptTurn(input, results, facts);
    return { ...turn, turn: { ...turn.turn, id: `t${ordinal}`, ordinal: ordinal + 1 } };
  });
}

describe.each(VENDORS)('$name', ({ name, call }) => {
  it('is sent what its published rules allow, whatever a model or a person wrote', async () => {
    const property = fc.asyncProperty(session, async (planned) => {
      const body = await bodyFor(name, buildMessages(transcriptOf(name, planned)));
      expect(rulesOf(name)(body)).toEqual([]);
      expect(JSON.stringify(body)).not.toMatch(/\\ud[89a-f]|thought other/);
    });
    await fc.assert(property, { numRuns: 40, seed: 9 });
  });

  it.each(BAD_NAMES)('calls %j by one legal name in call and result', async (bad) => {
    const body = await bodyFor(name, [
      { role: 'user', text: 'go' },
      { role: 'assistant', text: '', calls: [{ callId: 'c1', tool: bad, input: {} }] },
      { role: 'tool', callId: 'c1', tool: bad, content: 'unknown_tool: no such tool', isError: true },
    ]);

    expect(rulesOf(name)(body)).toEqual([]);
    expect(JSON.stringify(body)).toContain(JSON.stringify(wireName(bad)));
  });

  it.each(BAD_NAMES.filter((bad) => bad.trim() !== ''))(
    'hands a call of %j on by the name that the model wrote',
    async (bad) => {
      wire().answers({ frames: call(bad, '{}'), end: 'close' });
      const { calls } = await ask(wire().directory, name, 'go');
      expect(calls.map(({ tool }) => tool)).toEqual([bad]);
    },
  );

  it('offers a tool with a name that objects have of themselves, and knows it again', async () => {
    const tools = ['__proto__', 'constructor'].map((tool) => ({
      name: tool,
      description: 'Odd.',
      inputSchema: { type: 'object' },
    }));
    wire().answers({ frames: call(wireName('__proto__'), '{}'), end: 'close' });

    const { calls } = await ask(wire().directory, name, 'go', { tools });

    expect(calls).toEqual([{ tool: '__proto__', input: {} }]);
    expect(JSON.stringify(wire().seen[0]?.body)).toContain(wireName('constructor'));
  });
});

describe('a name on the wire', () => {
  it('is the tool’s own where that is legal', () => {
    expect(wireName('read_file')).toBe('read_file');
  });

  it('is legal, the same each time, and another for another name', () => {
    const property = fc.property(fc.string(), fc.string(), (a, b) => {
      expect(wireName(a)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(wireName(a)).toBe(wireName(a));
      expect(wireName(a) === wireName(b)).toBe(a.toWellFormed() === b.toWellFormed());
    });
    fc.assert(property, { seed: 9 });
    expect(wireName('functions.list:0')).not.toBe(wireName('functions_list_0'));
  });
});

describe('at the door', () => {
  it.each(BLANKS)('the blank text %j is refused as input and as steer', (blank) => {
    expect(StartTurnBody.safeParse({ agent: 'a', input: blank }).success).toBe(false);
    expect(SteerBody.safeParse({ message: blank }).success).toBe(false);
  });

  it('text that says something is taken as it is', () => {
    expect(SteerBody.parse({ message: ' \n.' })).toEqual({ message: ' \n.' });
  });
});
