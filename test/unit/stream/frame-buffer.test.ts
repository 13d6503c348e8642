import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFrameBuffer, type FrameBuffer, type Place } from '../../../src/api/stream/frame-buffer.ts';
import type { TurnEvent } from '../../../src/contract/index.ts';
import { NOW } from '../../support/builders.ts';

const event = (seq: number, more: object = {}): TurnEvent =>
  ({ seq, type: 'step.started', at: NOW, turnId: 'turn_1', step: seq, ...more }) as TurnEvent;
const delta = (n: number, text = String(n)) => ({
  n,
  delta: { type: 'text.delta' as const, at: NOW, turnId: 'turn_1', step: 1, attempt: 1, text },
});
const START: Place = { seq: 0, n: 0 };

/** Ids of everything behind a place, portion by portion. */
function idsAfter(buffer: FrameBuffer, from: Place): string[] {
  const ids: string[] = [];
  for (let portion = buffer.after(from); portion; portion = buffer.after(portion.place)) {
    ids.push(...[...portion.frames.toString().matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id));
  }
  return ids;
}

describe('a frame', () => {
  it('is id, event and one line of data', () => {
    const buffer = createFrameBuffer(3);
    buffer.append([event(1, { type: 'text.completed', text: 'two\nlines\r\u2028' })]);
    expect(buffer.after(START)?.frames.toString()).toBe(
      `id: 3.1\nevent: text.completed\ndata: ${JSON.stringify(event(1, { type: 'text.completed', text: 'two\nlines\r\u2028' }))}\n\n`,
    );
  });
});

describe('the buffer', () => {
  it('gives exactly what follows any place', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 20 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 5 }),
        (last, deltas, seq, n) => {
          const buffer = createFrameBuffer(2);
          buffer.append(Array.from({ length: last }, (_, index) => event(index + 1)));
          buffer.appendDeltas(Array.from({ length: deltas }, (_, index) => delta(index + 1)));
          const all = [
            ...Array.from({ length: last }, (_, index): [Place, string] => [
              { seq: index + 1, n: 0 },
              `2.${index + 1}`,
            ]),
            ...Array.from({ length: deltas }, (_, index): [Place, string] => [
              { seq: last, n: index + 1 },
              `2.${last}.${index + 1}`,
            ]),
          ];
          const isBehind = (place: Place) => place.seq > seq || (place.seq === seq && place.n > n);
          if (buffer.has({ seq, n })) {
            expect(idsAfter(buffer, { seq, n })).toEqual(
              all.filter(([place]) => isBehind(place)).map(([, id]) => id),
            );
          } else {
            expect(seq > last || (seq === last && n > deltas)).toBe(true);
          }
        },
      ),
    );
  });

  it('forgets the deltas of a step when an event follows', () => {
    const buffer = createFrameBuffer(1);
    buffer.append([event(1)]);
    expect(buffer.openStep()).toBe(1);
    buffer.appendDeltas([delta(1), delta(2)]);
    expect(buffer.lastDelta()).toBe(2);
    buffer.append([]);
    expect(buffer.lastDelta()).toBe(2);
    buffer.append([event(2, { type: 'text.completed', text: '12' })]);
    expect(buffer.lastDelta()).toBe(0);
    expect(buffer.openStep()).toBeUndefined();
    expect(idsAfter(buffer, { seq: 1, n: 1 })).toEqual(['1.2']);
  });

  it('gives out much in portions, and one frame that is larger as a whole', () => {
    const buffer = createFrameBuffer(1);
    const text = 'x'.repeat(100_000);
    buffer.append([1, 2, 3, 4].map((seq) => event(seq, { text })));
    buffer.append([event(5, { text: text.repeat(5) })]);
    expect(buffer.after(START)?.place).toEqual({ seq: 2, n: 0 });
    expect(buffer.after({ seq: 4, n: 0 })?.place).toEqual({ seq: 5, n: 0 });
    expect(idsAfter(buffer, START)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
  });

  it('is empty again once cleared', () => {
    const buffer = createFrameBuffer(1);
    buffer.append([event(1)]);
    buffer.appendDeltas([delta(1)]);
    buffer.clear();
    expect([buffer.lastSeq(), buffer.lastDelta(), buffer.after(START)]).toEqual([0, 0, undefined]);
    expect(buffer.has({ seq: 1, n: 0 })).toBe(false);
  });
});
