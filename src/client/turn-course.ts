import type { Delta, Session, TurnEvent, TurnSnapshot } from '../contract/index.ts';
import { type Course, type Frame, parseData } from './follow.ts';
import type { RawFrame } from './sse.ts';
import type { Sent } from './transport.ts';

/** What was sent was never committed: forget it, everything comes again from the first event. */
export interface Reset {
  type: 'reset';
}

/** First frame of a session's stream: its turns, and the state of the one that is at work or was last. */
export interface SessionSnapshot {
  type: 'snapshot';
  sessionId: string;
  agent: Session['agent'] | undefined;
  turns: { id: string; ordinal: number; state: string }[];
  turn: TurnSnapshot | null;
  cursor: string;
}

type FrameOf<Data extends { type: string }> = Data extends Data ? Frame<Data['type'], Data> : never;
/** A frame of a turn's stream. */
export type TurnFrame = FrameOf<TurnSnapshot | TurnEvent | Delta | Reset>;
/** A frame of a session's stream. */
export type SessionFrame = FrameOf<SessionSnapshot | TurnEvent | Delta | Reset>;

/** `<ordinal>.<seq>`, and behind a third point the number of a delta. */
type Cursor = readonly [ordinal: number, seq: number, n: number];

/** Follows by cursor: what is not behind the last one is known already. */
function createCursorCourse<F extends TurnFrame | SessionFrame>(
  path: string,
  after: string | undefined,
  isEnd: (frame: F) => boolean,
): Course<F> {
  let lastId = after;

  const isKnown = (id: string) => {
    const [last, next] = [parseCursor(lastId), parseCursor(id)];
    return last !== undefined && next !== undefined && !isBehind(last, next);
  };
  const move = ({ id, event }: RawFrame) => {
    // Whoever begins again has nothing of the turn: the place before its first event.
    const ordinal = parseCursor(lastId)?.[0];
    if (event === 'reset') lastId = ordinal === undefined ? undefined : `${ordinal}.0`;
    else if (id !== undefined) lastId = id;
  };

  return {
    next: (): Sent => ({
      method: 'GET',
      path,
      headers: { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) },
    }),
    take(raw) {
      const { id, event, data: text } = raw;
      if (event !== 'snapshot' && id !== undefined && isKnown(id)) return undefined;
      const data = parseData(raw);
      move(raw);
      return { id, event, data, text } as F;
    },
    isEnd,
  };
}

/** The course of a turn: ends with its terminal event. */
export function turnCourse(path: string, after: string | undefined): Course<TurnFrame> {
  return createCursorCourse<TurnFrame>(path, after, ({ event }) => TERMINAL.has(event));
}

/** The course of a session; has no end of its own. */
export function sessionCourse(path: string, after: string | undefined): Course<SessionFrame> {
  return createCursorCourse<SessionFrame>(path, after, () => false);
}

const TERMINAL: ReadonlySet<string> = new Set<TurnEvent['type']>([
  'turn.completed',
  'turn.failed',
  'turn.cancelled',
]);

function parseCursor(id: string | undefined): Cursor | undefined {
  const [, ordinal, seq, n = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(id ?? '') ?? [];
  return ordinal === undefined || seq === undefined ? undefined : [Number(ordinal), Number(seq), Number(n)];
}

function isBehind(last: Cursor, next: Cursor): boolean {
  const [ordinal, seq, n] = [0, 1, 2].map((at) => (next[at] ?? 0) - (last[at] ?? 0));
  return (ordinal || seq || n || 0) > 0;
}
