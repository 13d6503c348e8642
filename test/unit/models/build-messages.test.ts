import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, TurnFact } from '../../../src/contract/index.ts';
import { buildMessages } from '../../support/build-messages.ts';
import {
  cancelled,
  completed,
  edited,
  failed,
  started,
  steered,
  stepResult,
  transcriptTurn,
} from './transcript-fixture.ts';

const NO_RESULT = 'no_result: the turn ended before this call had a result.';

describe('the messages of a conversation', () => {
  it('follow the turns: input, answers, calls with one result each', () => {
    const first = transcriptTurn(
      'look around',
      [
        stepResult(1, 'Looking.', [
          ['c1', 'list', {}],
          ['c2', 'read', { path: 'a' }],
        ]),
        stepResult(2, 'Done.'),
      ],
      // The second call was faster: results still stand in the order of the calls.
      [started(1), completed('c2', 'text of a'), failed('c1', 'denied', 'not now'), started(2)],
    );
    const second = transcriptTurn('and now?', [], [started(1)]);

    expect(buildMessages([first, second])).toEqual([
      { role: 'user', text: 'look around' },
      {
        role: 'assistant',
        text: 'Looking.',
        calls: [
          { callId: 'c1', tool: 'list', input: {} },
          { callId: 'c2', tool: 'read', input: { path: 'a' } },
        ],
      },
      { role: 'tool', callId: 'c1', tool: 'list', content: 'denied: not now', isError: true },
      { role: 'tool', callId: 'c2', tool: 'read', content: 'text of a', isError: false },
      { role: 'assistant', text: 'Done.', calls: [] },
      { role: 'user', text: 'and now?' },
    ]);
  });

  it('show a call with the input that a person edited', () => {
    const turn = transcriptTurn(
      'go',
      [stepResult(1, '', [['c1', 'read', { path: '/etc/passwd' }]])],
      [started(1), edited('c1', { path: 'notes.txt' }), completed('c1', 'ok')],
    );

    expect(buildMessages([turn])[1]).toMatchObject({ calls: [{ input: { path: 'notes.txt' } }] });
  });

  it('say of a call without an outcome that the turn ended', () => {
    const steps = [stepResult(1, '', [['c1', 'wait', {}]])];
    const ended = transcriptTurn('go', steps, [started(1), cancelled]);
    const current = transcriptTurn('go', steps, [started(1)]);

    for (const turn of [ended, current]) {
      expect(buildMessages([turn]).at(-1)).toEqual({
        role: 'tool',
        callId: 'c1',
        tool: 'wait',
        content: NO_RESULT,
        isError: true,
      });
    }
  });

  it('keep the input of a turn that failed before it answered', () => {
    const turn = transcriptTurn('go', [], [started(1), cancelled]);

    expect(buildMessages([turn, transcriptTurn('again', [], [])])).toEqual([
      { role: 'user', text: 'go' },
      { role: 'user', text: 'again' },
    ]);
  });
});

describe('messages that were steered in', () => {
  const steps = [stepResult(1, 'one', [['c1', 'look', {}]]), stepResult(2, 'two')];
  const textsOf = (facts: TurnFact[], recorded = steps) =>
    buildMessages([transcriptTurn('go', recorded, facts)]).map((message) =>
      message.role === 'tool' ? message.content : message.text,
    );

  it('stand before the step that could read them first', () => {
    expect(
      textsOf([
        steered('early'),
        started(1),
        steered('while one'),
        completed('c1', 'seen'),
        steered('after one'),
        started(2),
        steered('late'),
      ]),
    ).toEqual(['go', 'early', 'one', 'seen', 'while one', 'after one', 'two', 'late']);
  });

  it('come last for a step that begins after them, not for one that is being generated already', () => {
    const facts = [started(1), completed('c1', 'seen'), steered('before'), started(2)];

    expect(textsOf(facts, [steps[0]!])).toEqual(['go', 'one', 'seen', 'before']);
    expect(textsOf([...facts, steered('too late')], [steps[0]!])).toEqual(['go', 'one', 'seen', 'before']);
    expect(textsOf([...facts.slice(0, -1)], [steps[0]!])).toEqual(['go', 'one', 'seen', 'before']);
  });

  it('stay in the record of a turn that ended in the middle of a step', () => {
    const facts = [started(1), completed('c1', 'seen'), started(2), steered('stop it'), cancelled];

    expect(textsOf(facts, [steps[0]!])).toEqual(['go', 'one', 'seen', 'stop it']);
  });
});

describe('any conversation', () => {
  // Also lone surrogates, quotes, backslashes and newlines.
  const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) });
  const awkward = fc.oneof(text, fc.json(), fc.constantFrom('"', '\\', '\n', '\ud83e', '{"a":"\\u0000"}'));
  const input = fc.dictionary(fc.string(), fc.jsonValue(), {
    noNullPrototype: true,
  }) as fc.Arbitrary<JsonObject>;
  const outcome = fc.oneof(
    fc.record({ content: awkward, isError: fc.constant(false) }),
    fc.record({ content: awkward, isError: fc.constant(true) }),
    fc.constant(undefined),
  );
  const call = fc.record({ tool: awkward, input, change: fc.option(input, { nil: undefined }), outcome });
  const step = fc.record({
    text: awkward,
    calls: fc.array(call, { maxLength: 4 }),
    steers: fc.array(awkward, { maxLength: 2 }),
  });
  const turn = fc.record({
    input: awkward,
    steps: fc.array(step, { maxLength: 4 }),
    last: fc.array(awkward, { maxLength: 2 }),
  });

  it('has exactly one result right behind each call, in order and byte for byte', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 3 }), fc.infiniteStream(fc.boolean()), (turns, flips) => {
        const expected: unknown[] = [];
        const transcript = turns.map((given, t) => {
          const facts: TurnFact[] = [];
          expected.push({ role: 'user', text: given.input });
          const steps = given.steps.map((each, index) => {
            const ids = each.calls.map((_, c) => `call-${t}-${index}-${c}`);
            facts.push(...each.steers.map(steered), started(index + 1));
            expected.push(...each.steers.map((said) => ({ role: 'user', text: said })));
            expected.push({
              role: 'assistant',
              text: each.text,
              calls: each.calls.map((asked, c) => ({
                callId: ids[c],
                tool: asked.tool,
                input: asked.change ?? asked.input,
              })),
            });
            const outcomes: TurnFact[] = [];
            each.calls.forEach((asked, c) => {
              const callId = ids[c]!;
              if (asked.change) facts.push(edited(callId, asked.change));
              if (asked.outcome?.isError) outcomes.push(failed(callId, 'a_code', asked.outcome.content));
              else if (asked.outcome) outcomes.push(completed(callId, asked.outcome.content));
              const content = asked.outcome?.isError
                ? `a_code: ${asked.outcome.content}`
                : (asked.outcome?.content ?? NO_RESULT);
              expected.push({
                role: 'tool',
                callId,
                tool: asked.tool,
                content,
                isError: asked.outcome?.isError ?? true,
              });
            });
            facts.push(...(flips.next().value ? outcomes : outcomes.reverse()));
            return stepResult(
              index + 1,
              each.text,
              each.calls.map((asked, c) => [ids[c]!, asked.tool, asked.input]),
            );
          });
          facts.push(...given.last.map(steered));
          expected.push(...given.last.map((said) => ({ role: 'user', text: said })));
          return transcriptTurn(given.input, flips.next().value ? steps : steps.reverse(), facts);
        });

        const before = JSON.stringify(transcript);
        expect(buildMessages(transcript)).toStrictEqual(expected);
        expect(JSON.stringify(transcript)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});
