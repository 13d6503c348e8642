import type { TurnEvent } from '../../contract/index.ts';
import type { NumberedDelta } from '../../store/store.ts';
import type { Cursor } from './cursor.ts';
import type { Message } from './encoder.ts';
import { createFrameList } from './frame-list.ts';
import type { FrameSource } from './subscribers.ts';

/** What is known of a turn's stream: every event, and the deltas of the step that is being generated. */
export interface EventBuffer extends FrameSource<Cursor> {
  events(): readonly TurnEvent[];
  lastSeq(): number;
  /** The step that is being generated: its `step.started` is the last event. */
  openStep(): number | undefined;
  /** Number of the last delta of the open step; 0 when there is none. */
  lastDelta(): number;
  /** Appends events that follow the last one; the deltas before them are superseded. */
  append(events: readonly TurnEvent[]): void;
  appendDeltas(deltas: readonly NumberedDelta[]): void;
  /** The step at or in the middle of which a cursor stands, where that step is no longer being generated. */
  closedStepAt(cursor: Cursor): number | undefined;
  clear(): void;
}

/** The message of a delta that stands behind an event. */
export function deltaMessage(after: Pick<Cursor, 'ordinal' | 'seq'>, { n, delta }: NumberedDelta): Message {
  return { event: delta.type, data: delta, cursor: { ordinal: after.ordinal, seq: after.seq, n } };
}

export function createEventBuffer(ordinal: number): EventBuffer {
  const cursorAt = (seq: number, n = 0): Cursor => ({ ordinal, seq, n });
  const events = createFrameList<TurnEvent>((event) => ({
    event: event.type,
    data: event,
    cursor: cursorAt(event.seq),
  }));
  const deltas = createFrameList<NumberedDelta>((delta) => deltaMessage(cursorAt(lastSeq()), delta));

  const lastSeq = () => events.items.at(-1)?.seq ?? 0;
  const lastDelta = () => deltas.items.at(-1)?.n ?? 0;
  /** Index of the first delta behind number `n`; most readers are near the end. */
  const deltaAfter = (n: number) => deltas.items.findLastIndex((delta) => delta.n <= n) + 1;

  return {
    start: cursorAt(0),
    isSame: (a, b) => a === b || (a.seq === b.seq && a.n === b.n && a.ordinal === b.ordinal),
    events: () => events.items,
    lastSeq,
    openStep() {
      const last = events.items.at(-1);
      return last?.type === 'step.started' ? last.step : undefined;
    },
    lastDelta,
    append(added) {
      if (added.length > 0) deltas.clear();
      for (const event of added) events.push(event);
    },
    appendDeltas(added) {
      for (const delta of added) deltas.push(delta);
    },
    has: ({ ordinal: of, seq, n }) =>
      of === ordinal && (seq < lastSeq() || (seq === lastSeq() && (n === 0 || n <= lastDelta()))),
    closedStepAt({ seq }) {
      const event = seq < lastSeq() ? events.items[seq - 1] : undefined;
      return event?.type === 'step.started' ? event.step : undefined;
    },
    after({ seq, n }, encoder) {
      if (seq < lastSeq()) {
        const found = events.from(seq, encoder);
        const more = deltas.items.length > 0 || (found?.end ?? 0) < events.items.length;
        return found && { frames: found.frames, cursor: cursorAt(found.end), more };
      }
      const found = deltas.from(deltaAfter(n), encoder);
      const last = deltas.items[(found?.end ?? 0) - 1];
      return found && { frames: found.frames, cursor: cursorAt(seq, last?.n), more: last?.n !== lastDelta() };
    },
    clear() {
      events.clear();
      deltas.clear();
    },
  };
}
