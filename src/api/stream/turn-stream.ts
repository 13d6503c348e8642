import type { TurnRecord } from '../../store/store.ts';
import type { Cursor } from './cursor.ts';
import type { StreamReader } from './readers.ts';
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
  await watches.use(turn, reader.gone, async (watch) => {
    if (cursor && hasEnd(watch, turn, cursor)) return reader.none();
    await watch.follow(cursor ?? writeSnapshot(watch, turn, reader), reader);
  });
}

function hasEnd(watch: TurnWatch, turn: TurnRecord, cursor: Cursor): boolean {
  return watch.ended() && cursor.ordinal === turn.ordinal && cursor.seq === watch.lastSeq();
}

function writeSnapshot(watch: TurnWatch, { ordinal }: TurnRecord, reader: StreamReader): Cursor {
  const cursor = { ordinal, seq: watch.snapshotSeq(), n: 0 };
  reader.send({ event: 'snapshot', data: watch.snapshot(), cursor });
  return cursor;
}
