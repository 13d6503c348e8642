import type { ListApprovalsQuery, TurnEvent } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { streamApprovals } from './approvals-stream.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { Readers } from './readers.ts';
import { streamSession } from './session-stream.ts';
import type { Sink } from './sink.ts';
import { eventsNow } from './turn-events.ts';
import { streamTurn } from './turn-stream.ts';
import { createTurnWatch, type TurnWatchDeps } from './turn-watch.ts';
import { createWatches } from './watches.ts';

/** The streams of turns. `after` is `Last-Event-ID`, else `?after=`. */
export interface Streams extends AsyncDisposable {
  /** Streams a turn; resolves when the stream has ended. Throws CursorInvalid before anything is sent. */
  turn(turn: TurnRecord, after: string | undefined, sink: Sink): Promise<void>;
  /** Streams the turns of a session in order. */
  session(sessionId: string, after: string | undefined, sink: Sink): Promise<void>;
  /** Streams the inbox: its state first, then each approval that is requested or resolved. */
  approvals(query: ListApprovalsQuery, sink: Sink): Promise<void>;
  /** Events of a turn after the cursor, as far as they are known now. */
  events(turn: TurnRecord, after: string | undefined): Promise<{ events: TurnEvent[]; cursor: string }>;
  /** How many readers are open, of streams of any kind. */
  readers(): number;
}

/** The streams of one API process. */
export function createStreams(deps: TurnWatchDeps, readers: Readers): Streams {
  const watches = createWatches((turn: TurnRecord) => createTurnWatch(deps, turn));

  return {
    turn(turn, after, sink) {
      const cursor = parseCursor(after);
      return readers.with(sink, (reader) => streamTurn(watches, turn, cursor, reader));
    },
    session(sessionId, after, sink) {
      const cursor = parseCursor(after);
      return readers.with(sink, (reader) => streamSession({ ...deps, watches }, sessionId, cursor, reader));
    },
    approvals: (query, sink) => readers.with(sink, (reader) => streamApprovals(deps, query, reader)),
    async events(turn, after) {
      const cursor = parseCursor(after);
      const from = cursor?.ordinal === turn.ordinal ? cursor.seq : 0;
      const events = (await eventsNow(deps, turn)).filter((event) => event.seq > from);
      return {
        events,
        cursor: formatCursor({ ordinal: turn.ordinal, seq: events.at(-1)?.seq ?? from, n: 0 }),
      };
    },
    readers: readers.count,
    [Symbol.asyncDispose]: watches[Symbol.asyncDispose],
  };
}
