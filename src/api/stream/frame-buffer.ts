import type { TurnEvent } from '../../contract/index.ts';
import type { NumberedDelta } from '../../store/store.ts';
import { type Cursor, formatCursor } from './cursor.ts';

/** One SSE frame, encoded once for all readers. */
export type Frame = Buffer;

/** Encodes a frame: LF only, one `data` line. */
export function encodeFrame(event: string, data: unknown, id?: string): Frame {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** The comment that keeps idle connections open. */
export const HEARTBEAT: Frame = Buffer.from(': heartbeat\n\n');

/** A turn's frames as far as they are known: every event, and the deltas of the step that is being generated. */
export interface FrameBuffer {
  events(): readonly TurnEvent[];
  lastSeq(): number;
  /** The step that is being generated: its `step.started` is the last event. */
  openStep(): number | undefined;
  /** Number of the last delta of the open step; 0 when there is none. */
  lastDelta(): number;
  /** Appends events that follow the last one; the deltas before them are superseded. */
  append(events: readonly TurnEvent[]): Frame[];
  appendDeltas(deltas: readonly NumberedDelta[]): Frame[];
  /** Frames behind a place; undefined when the place is none of this turn's: everything must be sent again. */
  after(cursor: { seq: number; n: number }): Frame[] | undefined;
  clear(): void;
}

export function createFrameBuffer(ordinal: number): FrameBuffer {
  let events: TurnEvent[] = [];
  let frames: Frame[] = [];
  let deltas: { n: number; frame: Frame }[] = [];

  const id = (place: Omit<Cursor, 'ordinal'>) => formatCursor({ ordinal, ...place });
  const lastSeq = () => events.at(-1)?.seq ?? 0;
  return {
    events: () => events,
    lastSeq,
    openStep() {
      const last = events.at(-1);
      return last?.type === 'step.started' ? last.step : undefined;
    },
    lastDelta: () => deltas.at(-1)?.n ?? 0,
    append(added) {
      if (added.length > 0) deltas = [];
      const encoded = added.map((event) => encodeFrame(event.type, event, id({ seq: event.seq, n: 0 })));
      events.push(...added);
      frames.push(...encoded);
      return encoded;
    },
    appendDeltas(added) {
      const encoded = added.map(({ n, delta }) => ({
        n,
        frame: encodeFrame(delta.type, delta, id({ seq: lastSeq(), n })),
      }));
      deltas.push(...encoded);
      return encoded.map(({ frame }) => frame);
    },
    after({ seq, n }) {
      if (seq > lastSeq()) return undefined;
      const known = seq === lastSeq() ? n : 0;
      return [...frames.slice(seq), ...deltas.filter((delta) => delta.n > known).map(({ frame }) => frame)];
    },
    clear() {
      events = [];
      frames = [];
      deltas = [];
    },
  };
}
