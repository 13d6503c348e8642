import { describe, expect, it } from '@jest/globals';
import type { TurnFact } from '../../../src/contract/index.ts';
import { CUT_SHORT } from '../../../src/core/turn/cut-short.ts';
import { unfinishedStep } from '../../../src/models/unfinished-step.ts';
import type { TranscriptTurn } from '../../../src/store/store.ts';
import { buildMessages } from '../../support/build-messages.ts';
import {
  completed,
  edited,
  failed,
  started,
  steered,
  stepResult,
  transcriptTurn,
} from './transcript-fixture.ts';

const FAILED: TurnFact = {
  type: 'turn.failed',
  error: { code: 'model_unavailable', message: 'away' },
  usage: { inputTokens: 0, outputTokens: 0 },
};
const cut = (callId: string) => failed(callId, 'turn_failed', CUT_SHORT);

interface Sketch {
  id: string;
  retryOf?: string;
  input?: string;
  steps?: TranscriptTurn['steps'];
  facts?: TurnFact[];
}

function turn({ id, retryOf, input = 'do it', steps = [], facts = [] }: Sketch): TranscriptTurn {
  const made = transcriptTurn(input, steps, facts);
  return { ...made, turn: { ...made.turn, id, ...(retryOf !== undefined && { retryOf }) } };
}

/** `role: text`, with the calls of an assistant and the content of a result. */
function lines(turns: TranscriptTurn[]): string[] {
  return buildMessages(turns).map((message) => {
    if (message.role === 'user') return `user: ${message.text}`;
    if (message.role === 'tool') return `${message.callId}: ${message.content}`;
    return `assistant: ${[message.text, ...message.calls.map(({ callId }) => callId)].join(' ').trim()}`;
  });
}

const two = [stepResult(1, 'one', [['a', 'read', {}]]), stepResult(2, 'two', [['b', 'read', {}]])];

describe('the conversation of a retried turn', () => {
  it('goes on behind its last whole step, with one input', () => {
    const before = turn({
      id: 'f',
      steps: two,
      facts: [started(1), completed('a', 'A'), started(2), completed('b', 'B'), started(3), FAILED],
    });
    const retry = turn({ id: 'r', retryOf: 'f', facts: [started(1)] });
    expect(lines([before, retry])).toEqual([
      'user: do it',
      'assistant: one a',
      'a: A',
      'assistant: two b',
      'b: B',
    ]);
    expect(unfinishedStep([before, retry])).toBeUndefined();
  });

  it('has the step that was cut short as its retry finished it', () => {
    const before = turn({
      id: 'f',
      steps: [
        stepResult(1, 'one', [
          ['a', 'read', {}],
          ['b', 'write', {}],
          ['c', 'shoot', {}],
        ]),
      ],
      facts: [started(1), completed('a', 'A'), cut('b'), cut('c'), FAILED],
    });
    const own = stepResult(1, 'one', [
      ['a', 'read', {}],
      ['b', 'write', {}],
      ['c2', 'shoot', {}],
    ]);
    const step = { ...own, result: { ...own.result, resumes: { turnId: 'f', step: 1 } } };
    const retry = turn({
      id: 'r',
      retryOf: 'f',
      steps: [step, stepResult(2, 'done')],
      facts: [started(1), completed('b', 'B'), failed('c2', 'denied', 'No.'), steered('hurry'), started(2)],
    });
    expect([...(unfinishedStep([before, turn({ id: 'r', retryOf: 'f' })])?.open ?? [])]).toEqual(['b', 'c']);
    expect(lines([before, retry])).toEqual([
      'user: do it',
      'assistant: one a b c2',
      'a: A',
      'b: B',
      'c2: denied: No.',
      'user: hurry',
      'assistant: done',
    ]);
  });

  it('stands where the retry does, behind turns that came between, and before it as those saw it', () => {
    const before = turn({
      id: 'f',
      steps: [stepResult(1, 'x', [['a', 'read', {}]])],
      facts: [cut('a'), FAILED],
    });
    const between = turn({ id: 'g', input: 'other', steps: [stepResult(1, 'ok')] });
    const retry = turn({ id: 'r', retryOf: 'f' });
    expect(lines([before, between])).toEqual([
      'user: do it',
      'assistant: x a',
      `a: turn_failed: ${CUT_SHORT}`,
      'user: other',
      'assistant: ok',
    ]);
    expect(lines([before, between, retry]).slice(0, 3)).toEqual([
      'user: other',
      'assistant: ok',
      'user: do it',
    ]);
  });

  it('follows a retry of a retry, also one that did nothing', () => {
    const first = turn({ id: 'f', steps: two.slice(0, 1), facts: [started(1), completed('a', 'A'), FAILED] });
    const second = turn({ id: 'r1', retryOf: 'f', facts: [{ type: 'turn.cancelled' }] });
    const third = turn({ id: 'r2', retryOf: 'r1', steps: [stepResult(1, 'end')] });
    expect(lines([first, second, third])).toEqual([
      'user: do it',
      'assistant: one a',
      'a: A',
      'assistant: end',
    ]);
  });

  it('keeps messages that were steered in where they were read', () => {
    const before = turn({
      id: 'f',
      steps: [stepResult(1, 'one', [['a', 'read', {}]])],
      facts: [steered('early'), started(1), cut('a'), steered('late'), started(2), FAILED],
    });
    const own = stepResult(1, 'one', [['a', 'read', {}]]);
    const step = { ...own, result: { ...own.result, resumes: { turnId: 'f', step: 1 } } };
    const retry = turn({ id: 'r', retryOf: 'f', steps: [step], facts: [started(1), completed('a', 'A')] });
    expect(lines([before, retry])).toEqual([
      'user: do it',
      'user: early',
      'assistant: one a',
      'a: A',
      'user: late',
    ]);
  });

  it('has the input of the retry where the retried turn is gone', () => {
    expect(lines([turn({ id: 'r', retryOf: 'gone', input: 'again' })])).toEqual(['user: again']);
  });
});

describe('what a retry finishes first', () => {
  const retry = turn({ id: 'r', retryOf: 'f' });

  it('is the final answer that nobody was told', () => {
    const before = turn({ id: 'f', steps: [stepResult(1, 'the answer')], facts: [started(1), FAILED] });
    expect(unfinishedStep([before, retry])).toMatchObject({ step: 1, result: { text: 'the answer' } });
  });

  it('is no answer that a later message has overtaken', () => {
    const facts = [started(1), steered('and this?'), started(2), FAILED];
    expect(unfinishedStep([turn({ id: 'f', steps: [stepResult(1, 'x')], facts }), retry])).toBeUndefined();
  });

  it('has the inputs that were decided on', () => {
    const steps = [stepResult(1, '', [['a', 'write', { path: 'x' }]])];
    const facts = [started(1), edited('a', { path: 'y' }), cut('a'), FAILED];
    expect(unfinishedStep([turn({ id: 'f', steps, facts }), retry])?.result.calls[0]?.input).toEqual({
      path: 'y',
    });
  });

  it('is nothing where a tool itself said that it was cancelled', () => {
    const steps = [stepResult(1, '', [['a', 'write', {}]])];
    const facts = [started(1), failed('a', 'cancelled', 'The order was cancelled.'), FAILED];
    expect(unfinishedStep([turn({ id: 'f', steps, facts }), retry])).toBeUndefined();
  });
});
