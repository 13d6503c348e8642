import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coverResults, coverSteps, tokensOfMessages, viewOf } from '../../../src/models/compaction.ts';
import { knownWindow } from '../../../src/models/context-windows.ts';
import { conversationOf, type Said } from '../../../src/models/conversation.ts';
import type { ModelMessage } from '../../../src/models/model-provider.ts';
import type { Compaction, Covers, TranscriptTurn } from '../../../src/store/store.ts';
import { completed, started, steered, stepResult, transcriptTurn } from './transcript-fixture.ts';

const USAGE = { inputTokens: 0, outputTokens: 0 };
const SAVED = { fromTurn: 1, fromStep: 0, toTurn: 1, toStep: 1, tokensBefore: 2, tokensAfter: 1 };
const cleared = (covers: Covers): Compaction => ({
  covers,
  saved: { ...SAVED, strategy: 'clear_tool_results' },
  usage: USAGE,
});
const summary = (covers: Covers, text = 'S'): Compaction => ({
  covers,
  text,
  saved: { ...SAVED, strategy: 'summarize' },
  usage: USAGE,
});
const messagesOf = (said: Said[]) => said.map(({ message }) => message);
const tokens = (said: Said[]) => tokensOfMessages(messagesOf(said));

/** A turn whose steps each have calls with results of these lengths; the last of a turn that ended has none. */
function turn(id: string, steps: number[][], { answer = false, steer = 0 } = {}): TranscriptTurn {
  const results = steps.map((lengths, index) =>
    stepResult(
      index + 1,
      `text ${index + 1}`,
      lengths.map((_, call) => [`${id}-${index}-${call}`, 'read', { path: 'x' }]),
    ),
  );
  const facts = steps.flatMap((lengths, index) => [
    ...(steer === index + 1 ? [steered(`steer ${id}`)] : []),
    started(index + 1),
    ...lengths.map((length, call) => completed(`${id}-${index}-${call}`, 'r'.repeat(length))),
  ]);
  const all = answer ? [...results, stepResult(steps.length + 1, 'the end')] : results;
  const made = transcriptTurn(`input of ${id}`, all, facts);
  return { ...made, turn: { ...made.turn, id } };
}

const someTurns = fc
  .array(
    fc.record({
      steps: fc.array(fc.array(fc.nat(3_000), { maxLength: 3 }), { maxLength: 6 }),
      steer: fc.nat(6),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((sketches) =>
    sketches.map(({ steps, steer }, index) =>
      turn(
        `t${index}`,
        steps.map((lengths) => (lengths.length > 0 ? lengths : [1])),
        {
          answer: index < sketches.length - 1,
          steer,
        },
      ),
    ),
  );

function isWellFormed(messages: ModelMessage[]): boolean {
  const open: string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      if (open.shift() !== message.callId) return false;
    } else {
      if (open.length > 0) return false;
      if (message.role === 'assistant') open.push(...message.calls.map(({ callId }) => callId));
    }
  }
  return open.length === 0;
}

/** Whether the shown messages are among all of them, in their order; a summary comes first only. */
function keepsOrder(shown: Said[], all: Said[]): boolean {
  let at = -1;
  return shown.every(({ turnId, step, message }, index) => {
    if (message.role === 'user' && message.summary) return index === 0;
    const name = (m: ModelMessage) => (m.role === 'tool' ? m.callId : m.text);
    at = all.findIndex(
      (each, place) =>
        place > at && each.turnId === turnId && each.step === step && name(each.message) === name(message),
    );
    return at >= 0;
  });
}

describe('a compacted conversation', () => {
  it('is well formed, in order, shows the current input, and is within its bound where that is possible', () => {
    fc.assert(
      fc.property(someTurns, fc.integer({ min: 100, max: 4_000 }), fc.boolean(), (turns, bound, both) => {
        const said = conversationOf(turns);
        const compactions: Compaction[] = [];
        const aim = { tokens: bound, unread: false };
        const toClear = both ? coverResults(said, compactions, aim) : undefined;
        if (toClear) compactions.push(cleared(toClear));
        const toSummarize = coverSteps(said, compactions, aim, 50);
        if (toSummarize) compactions.push(summary(toSummarize, 's'.repeat(100)));
        const shown = viewOf(said, compactions);
        expect(isWellFormed(messagesOf(shown))).toBe(true);
        expect(keepsOrder(shown, said)).toBe(true);
        expect(messagesOf(shown)).toContainEqual({ role: 'user', text: `input of t${turns.length - 1}` });
        if (!toSummarize) return;
        // Head and text of the summary, the current input, and the newest step, which is always shown.
        const newest = said.filter(
          ({ turnId, step }) => turnId === said.at(-1)?.turnId && step === said.at(-1)?.step,
        );
        const steers = said.filter(
          ({ message }) => message.role === 'user' && message.text.startsWith('steer'),
        );
        expect(tokens(shown)).toBeLessThanOrEqual(Math.max(bound, tokens(newest) + tokens(steers)) + 100);
      }),
      { numRuns: 200 },
    );
  });

  it('never shows more after a second compaction than after the first', () => {
    fc.assert(
      fc.property(someTurns, (turns) => {
        const said = conversationOf(turns);
        const compactions: Compaction[] = [];
        let before = tokens(viewOf(said, compactions));
        for (let bound = before; bound > 50; bound = Math.floor(bound / 2)) {
          const covers = coverResults(said, compactions, { tokens: bound, unread: bound < 200 });
          if (covers) compactions.push(cleared(covers));
          const now = tokens(viewOf(said, compactions));
          expect(now).toBeLessThanOrEqual(before);
          before = now;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('clears the oldest results, and none that the model has not read', () => {
    const said = conversationOf([turn('t', [[2_000], [2_000], [2_000]])]);
    const covers = coverResults(said, [], { tokens: 0, unread: false });
    expect(covers).toEqual({ t: 2 });
    const shown = messagesOf(viewOf(said, [cleared(covers ?? {})]));
    const contents = shown.flatMap((message) => (message.role === 'tool' ? [message.content.length] : []));
    expect(contents).toEqual([expect.any(Number), expect.any(Number), 2_000]);
    expect(contents[0]).toBeLessThan(150);
    expect(coverResults(said, [cleared({ t: 2 })], { tokens: 0, unread: true })).toEqual({ t: 3 });
    expect(coverResults(said, [cleared({ t: 3 })], { tokens: 0, unread: true })).toBeUndefined();
  });

  it('covers earlier turns, and their inputs too', () => {
    const said = conversationOf([turn('a', [[2_000]], { answer: true }), turn('b', [])]);
    const covers = coverSteps(said, [], { tokens: 0, unread: false }, 50);
    expect(covers).toEqual({ a: 2 });
    expect(messagesOf(viewOf(said, [summary(covers ?? {})]))).toEqual([
      { role: 'user', text: expect.stringMatching(/^Summary of .*\n\nS$/s), summary: { steps: 0 } },
      { role: 'user', text: 'input of b' },
    ]);
  });

  it('says how many steps of the current input its summary stands for', () => {
    const said = conversationOf([turn('t', [[2_000], [2_000], [2_000]])]);
    const [first] = messagesOf(viewOf(said, [summary({ t: 2 })]));
    expect(first).toMatchObject({ summary: { steps: 2 } });
  });

  it('has no summary of turns that are gone', () => {
    const said = conversationOf([turn('b', [])]);
    expect(viewOf(said, [summary({ gone: 3 })])).toEqual(said);
  });
});

describe('the window of a model', () => {
  it.each([
    ['anthropic/claude-sonnet-4-5', 200_000],
    ['openai/gpt-4o-mini', 128_000],
    ['openai/gpt-4-0613', 8_192],
    ['openai/gpt-4.1', 1_047_576],
    ['rehearsal/script', undefined],
    ['openai-compatible/qwen3', undefined],
  ])('of %s is %s', (model, window) => {
    expect(knownWindow(model)).toBe(window);
  });
});
