import { expect } from '@jest/globals';
import type { TurnEvent } from '../../src/contract/index.ts';
import { type Frame, isEnd, outline, parseId } from './sse-reader.ts';

/** The frames that carry a numbered event. */
export function numbered(frames: readonly Frame[]): (Frame & { json: TurnEvent })[] {
  return frames.filter(
    (frame): frame is Frame & { json: TurnEvent } => 'seq' in frame.json && frame.event !== 'snapshot',
  );
}

/** Checks a turn's events by themselves: gap-free from 1, one terminal event, which is the last. */
export function expectSoundEvents(events: readonly TurnEvent[]): void {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => isEnd(event.type))).toHaveLength(1);
  expect(isEnd(events.at(-1)?.type)).toBe(true);
  expect(new Set(events.map((event) => event.turnId)).size).toBe(1);
}

/** Checks that a reader saw each event exactly once, in order, under ids that never go back. */
export function expectWholeStory(
  frames: readonly Frame[],
  events: readonly TurnEvent[],
  ordinal: number,
): void {
  expectSoundEvents(events);
  const facts = numbered(frames);
  // A line each first: the shortest account of what went wrong.
  const lines = facts.map((frame) => `${frame.id} ${frame.event}`);
  if (frames.some((frame) => frame.event === 'reset')) throw new Error(`An idle reset: ${outline(frames)}`);
  expect(lines).toEqual(events.map((event) => `${ordinal}.${event.seq} ${event.type}`));
  expect(facts.map((frame) => frame.json)).toEqual(events);
  expectIdsRise(frames);
}

/** Checks that ids only ever go up: a delta's number within its place included. */
export function expectIdsRise(frames: readonly Frame[]): void {
  const ids = frames.filter((frame) => frame.id !== undefined).map((frame) => parseId(frame.id));
  const order = ids.map(({ ordinal, seq, n }) => ordinal * 1e12 + seq * 1e6 + (n ?? 0));
  const sorted = [...new Set(order)].sort((a, b) => a - b);
  expect(order).toEqual(sorted);
}

/** The text that a reader had after the last restarted attempt of a step. */
export function joinedDeltas(frames: readonly Frame[], step: number): string {
  let text = '';
  for (const { json } of frames) {
    if (json.type === 'attempt.restarted' && json.step === step) text = '';
    if (json.type === 'text.delta' && json.step === step) text += json.text;
  }
  return text;
}
