import type { TurnRecord } from '../../store/store.ts';
import { aborted } from './aborted.ts';
import type { Cursor } from './cursor.ts';
import { encodeFrame, type Place } from './frame-buffer.ts';
import type { StreamReader } from './readers.ts';
import type { TurnWatch } from './turn-watch.ts';
import type { TurnWatches } from './turn-watches.ts';

/**
 * Streams a turn to one reader until it has ended. Without a cursor: the state first, then what follows. With one: what
 * the reader missed. A reader that has the end already gets 204.
 */
export async function streamTurn(
  watches: TurnWatches,
  turn: TurnRecord,
  cursor: Cursor | undefined,
  reader: StreamReader,
): Promise<void> {
  if (!turn.endedAt) reader.open();
  await withWatch(watches, turn, reader, async (watch) => {
    if (cursor && hasEnd(watch, turn, cursor)) return reader.none();
    const place = cursor ? placeOf(turn, cursor) : writeSnapshot(watch, reader);
    await watch.follow(place, reader);
  });
}

/** Lends the watch of a turn, once it is ready; nothing happens for a reader that is gone before. */
export async function withWatch(
  watches: TurnWatches,
  turn: TurnRecord,
  reader: StreamReader,
  use: (watch: TurnWatch) => Promise<void>,
): Promise<void> {
  const watch = watches.borrow(turn);
  try {
    await Promise.race([watch.ready, aborted(reader.gone)]);
    if (!reader.gone.aborted) await use(watch);
  } finally {
    watches.release(turn.id);
  }
}

function hasEnd(watch: TurnWatch, turn: TurnRecord, cursor: Cursor): boolean {
  return watch.ended() && cursor.ordinal === turn.ordinal && cursor.seq === watch.lastSeq();
}

/** A cursor of another turn is no place in this one; the watch answers it with `reset`. */
function placeOf(turn: TurnRecord, cursor: Cursor): Place {
  return cursor.ordinal === turn.ordinal ? cursor : { seq: Number.POSITIVE_INFINITY, n: 0 };
}

function writeSnapshot(watch: TurnWatch, reader: StreamReader): Place {
  const snapshot = watch.snapshot();
  reader.write(encodeFrame('snapshot', snapshot, snapshot.cursor));
  return { seq: watch.snapshotSeq(), n: 0 };
}
