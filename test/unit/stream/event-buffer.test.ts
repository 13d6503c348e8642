import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor } from '../../../src/api/stream/cursor.ts';
import { createEventBuffer, type EventBuffer } from '../../../src/api/stream/event-buffer.ts';
import { sse } from '../../../src/api/stream/sse.ts';
import type { TurnEvent } from '../../../src/contract/index.ts';
import { NOW } from '../../support/builders.ts';

const event = (seq: number, more: object = {}): TurnEvent =>
  ({ seq, type: 'step.started', at: NOW, turnId: 'turn_1', step: seq, ...more }) as TurnEvent;
const delta = (n: number, text = String(n)) => ({
  n,
  delta: { type: 'text.delta' as const, at: NOW, turnId: 'turn_1', step: 1, attempt: 1, text },
});
const at = (seq: number, n = 0, ordinal = 1): Cursor => ({ ordinal, seq, n });

/** Ids of everything behind a cursor, portion by portion. */
function idsAfter(buffer: EventBuffer, from: Cursor): string[] {
  const ids: string[] = [];
  for (let portion = buffer.after(from, sse); portion; portion = buffer.after(portion.cursor, sse)) {
    ids.push(...[...portion.frames.toString().matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id));
  }
  return ids;
}

describe('a frame', () => {
  it('is id, event and one line of data', () => {
    const buffer = createEventBuffer(3);
    buffer.append([event(1, { type: 'text.completed', text: 'two\nlines\r\u2028' })]);
    expect(buffer.after(at(0, 0, 3), sse)?.frames.toString()).toBe(
      `id: 3.1\nevent: text.completed\ndata: ${JSON.stringify(event(1, { type: 'text.completed', text: 'two\nlines\r\u2028' }))}\n\n`,
    );
  });
});

describe('the buffer', () => {
  it('gives exactly what follows any cursor', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 20 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 5 }),
        (last, deltas, seq, n) => {
          const buffer = createEventBuffer(2);
          buffer.append(Array.from({ length: last }, (_, index) => event(index + 1)));
          buffer.appendDeltas(Array.from({ length: deltas }, (_, index) => delta(index + 1)));
          const all = [
            ...Array.from({ length: last }, (_, index): [Cursor, string] => [
              at(index + 1, 0, 2),
              `2.${index + 1}`,
            ]),
            ...Array.from({ length: deltas }, (_, index): [Cursor, string] => [
              at(last, index + 1, 2),
              `2.${last}.${index + 1}`,
            ]),
          ];
          const isBehind = (cursor: Cursor) => cursor.seq > seq || (cursor.seq === seq && cursor.n > n);
          if (buffer.has(at(seq, n, 2))) {
            expect(idsAfter(buffer, at(seq, n, 2))).toEqual(
              all.filter(([cursor]) => isBehind(cursor)).map(([, id]) => id),
            );
          } else {
            expect(seq > last || (seq === last && n > deltas)).toBe(true);
          }
        },
      ),
    );
  });

  it('forgets the deltas of a step when an event follows', () => {
    const buffer = createEventBuffer(1);
    buffer.append([event(1)]);
    expect(buffer.openStep()).toBe(1);
    buffer.appendDeltas([delta(1), delta(2)]);
    expect(buffer.lastDelta()).toBe(2);
    buffer.append([]);
    expect(buffer.lastDelta()).toBe(2);
    buffer.append([event(2, { type: 'text.completed', text: '12' })]);
    expect(buffer.lastDelta()).toBe(0);
    expect(buffer.openStep()).toBeUndefined();
    expect(idsAfter(buffer, at(1, 1))).toEqual(['1.2']);
  });

  it('gives out much in portions, and one frame that is larger as a whole', () => {
    const buffer = createEventBuffer(1);
    const text = 'x'.repeat(100_000);
    buffer.append([1, 2, 3, 4].map((seq) => event(seq, { text })));
    buffer.append([event(5, { text: text.repeat(5) })]);
    expect(buffer.after(at(0), sse)?.cursor).toEqual(at(2));
    expect(buffer.after(at(4), sse)?.cursor).toEqual(at(5));
    expect(idsAfter(buffer, at(0))).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
  });

  it('is empty again once cleared', () => {
    const buffer = createEventBuffer(1);
    buffer.append([event(1)]);
    buffer.appendDeltas([delta(1)]);
    buffer.clear();
    expect([buffer.lastSeq(), buffer.lastDelta(), buffer.after(at(0), sse)]).toEqual([0, 0, undefined]);
    expect(buffer.has(at(1))).toBe(false);
  });
});
