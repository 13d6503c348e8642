import type { TurnRecord } from '../../store/store.ts';
import type { Cursor } from './cursor.ts';
import type { Place } from './frame-buffer.ts';
import type { StreamReader } from './readers.ts';
import { encodeFrame } from './shelf.ts';
import type { TurnWatch } from './turn-watch.ts';
import type { Watches } from './watches.ts';

/**
 * Streams a turn to one reader until it has ended. Without a cursor: the state first, then what follows. With one: what
 * the reader missed. A reader that has the end already gets 204.
 */
export async function streamTurn(
  watches: Watches<TurnRecord, TurnWatch>,
  turn: TurnRecord,
  cursor: Cursor | undefined,
  reader: StreamReader,
): Promise<void> {
  if (!turn.endedAt) reader.open();
  await watches.lend(turn, reader.gone, async (watch) => {
    if (cursor && hasEnd(watch, turn, cursor)) return reader.none();
    const place = cursor ? placeOf(turn, cursor) : writeSnapshot(watch, reader);
    await watch.follow(place, reader);
  });
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
