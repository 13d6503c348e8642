import type { TurnEvent } from '../../contract/index.ts';
import type { NumberedDelta } from '../../store/store.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { encodeFrame, type Frame, type Portion, type Shelf } from './shelf.ts';

/** Encodes a delta that stands behind event `seq`. */
export function encodeDelta(ordinal: number, seq: number, { n, delta }: NumberedDelta): Frame {
  return encodeFrame(delta.type, delta, formatCursor({ ordinal, seq, n }));
}

/** Most bytes that are given out at once; one frame may be larger. */
const PORTION_BYTES = 256 * 1024;

/** A place in a turn's stream: behind event `seq`, and behind delta `n` after it. */
export type Place = Omit<Cursor, 'ordinal'>;

/** A turn's frames as far as they are known: every event, and the deltas of the step that is being generated. */
export interface FrameBuffer extends Shelf<Place> {
  events(): readonly TurnEvent[];
  lastSeq(): number;
  /** The step that is being generated: its `step.started` is the last event. */
  openStep(): number | undefined;
  /** Number of the last delta of the open step; 0 when there is none. */
  lastDelta(): number;
  /** Appends events that follow the last one; the deltas before them are superseded. */
  append(events: readonly TurnEvent[]): void;
  appendDeltas(deltas: readonly NumberedDelta[]): void;
  /** The step at or in the middle of which a place stands, where that step is no longer being generated. */
  closedStepAt(place: Place): number | undefined;
  clear(): void;
}

export function createFrameBuffer(ordinal: number): FrameBuffer {
  let events: TurnEvent[] = [];
  let frames: { frame: Frame; place: Place }[] = [];
  let deltas: { frame: Frame; place: Place }[] = [];

  const lastSeq = () => events.at(-1)?.seq ?? 0;
  return {
    beginning: { seq: 0, n: 0 },
    isSame: (a, b) => a === b || (a.seq === b.seq && a.n === b.n),
    events: () => events,
    lastSeq,
    openStep() {
      const last = events.at(-1);
      return last?.type === 'step.started' ? last.step : undefined;
    },
    lastDelta: () => deltas.at(-1)?.place.n ?? 0,
    append(added) {
      if (added.length > 0) deltas = [];
      for (const event of added) {
        events.push(event);
        const place = { seq: event.seq, n: 0 };
        frames.push({ place, frame: encodeFrame(event.type, event, formatCursor({ ordinal, ...place })) });
      }
    },
    appendDeltas(added) {
      const seq = lastSeq();
      for (const delta of added) {
        deltas.push({ place: { seq, n: delta.n }, frame: encodeDelta(ordinal, seq, delta) });
      }
    },
    has: ({ seq, n }) =>
      seq <= lastSeq() && (seq < lastSeq() || n <= (deltas.at(-1)?.place.n ?? 0) || n === 0),
    closedStepAt({ seq }) {
      const event = seq < lastSeq() ? events[seq - 1] : undefined;
      return event?.type === 'step.started' ? event.step : undefined;
    },
    after({ seq, n }) {
      if (seq < lastSeq()) return portionOf(frames, seq);
      const first = deltas.findIndex(({ place }) => place.n > n);
      return first === -1 ? undefined : portionOf(deltas, first);
    },
    clear() {
      events = [];
      frames = [];
      deltas = [];
    },
  };
}

function portionOf(
  from: readonly { frame: Frame; place: Place }[],
  first: number,
): Portion<Place> | undefined {
  let bytes = 0;
  let end = first;
  while (end < from.length && (end === first || bytes + (from[end]?.frame.length ?? 0) <= PORTION_BYTES)) {
    bytes += from[end]?.frame.length ?? 0;
    end += 1;
  }
  const last = from[end - 1];
  if (!last || end === first) return undefined;
  const chosen = from.slice(first, end).map(({ frame }) => frame);
  return { frames: chosen.length === 1 ? last.frame : Buffer.concat(chosen, bytes), place: last.place };
}
