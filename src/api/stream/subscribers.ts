import { aborted } from './aborted.ts';
import type { Encoder } from './encoder.ts';
import type { StreamReader } from './readers.ts';

/** What follows a cursor, encoded, and the cursor behind it. */
export interface Portion<C> {
  frames: Buffer;
  cursor: C;
  /** There is more behind the cursor. */
  more: boolean;
}

/** Where the frames of one watched thing are taken from: each reader has a cursor `C`, and gets what is behind it. */
export interface FrameSource<C> {
  /** The cursor of a reader that has nothing yet. */
  readonly start: C;
  /** Whether a cursor is one of this source's. */
  has(cursor: C): boolean;
  /** What follows a cursor, a portion at a time; undefined at the end. */
  after(cursor: C, encoder: Encoder): Portion<C> | undefined;
  isSame(a: C, b: C): boolean;
}

/** The readers of one watched thing. Each takes from the shared source at its own pace; none has a queue of its own. */
export interface Subscribers<C> {
  /** Writes what follows a cursor, and from then on everything new, until the end or until the reader is gone. */
  follow(cursor: C, reader: StreamReader): Promise<void>;
  /** The source has more. */
  grown(): void;
  /** What was sent was never committed: every reader begins again. */
  reset(): void;
  /** Nothing more will come. */
  end(): void;
}

interface Subscriber<C> {
  reader: StreamReader;
  cursor: C;
  /** Catching up by itself: it takes what is new when it gets there. */
  behind: boolean;
  reset: boolean;
  done(): void;
}

const RESET = { event: 'reset', data: { type: 'reset' } };

export function createSubscribers<C>(source: FrameSource<C>): Subscribers<C> {
  const subscribers = new Set<Subscriber<C>>();
  let ended = false;

  const catchUp = async (subscriber: Subscriber<C>) => {
    const { reader } = subscriber;
    subscriber.behind = true;
    for (let next = take(subscriber); next && !reader.gone.aborted; next = take(subscriber)) {
      if (!reader.write(next)) await reader.drained();
    }
    subscriber.behind = false;
    if (ended) subscriber.done();
  };

  /** The next bytes for a subscriber, which then stands behind them. */
  const take = (subscriber: Subscriber<C>) => {
    const { encoder } = subscriber.reader;
    if (subscriber.reset) {
      subscriber.reset = false;
      subscriber.cursor = source.start;
      return encoder.encode(RESET);
    }
    const portion = source.after(subscriber.cursor, encoder);
    subscriber.cursor = portion?.cursor ?? subscriber.cursor;
    return portion?.frames;
  };

  const portionAt = (from: C, encoder: Encoder) => {
    const portion = source.after(from, encoder);
    return portion && { from, portion };
  };

  const give = (subscriber: Subscriber<C>, { frames, cursor, more }: Portion<C>) => {
    subscriber.cursor = cursor;
    const isTaken = subscriber.reader.write(frames);
    if (!isTaken || more) void catchUpDrained(subscriber, isTaken);
  };

  const catchUpDrained = async (subscriber: Subscriber<C>, isTaken: boolean) => {
    subscriber.behind = true;
    if (!isTaken) await subscriber.reader.drained();
    await catchUp(subscriber);
  };

  return {
    async follow(cursor, reader) {
      const finished = Promise.withResolvers<void>();
      const subscriber = {
        reader,
        cursor,
        behind: false,
        reset: !source.has(cursor),
        done: finished.resolve,
      };
      subscribers.add(subscriber);
      const catching = catchUp(subscriber);
      await Promise.race([finished.promise, aborted(reader.gone)]);
      subscribers.delete(subscriber);
      await catching;
    },
    grown() {
      // All that are abreast and read one format get the same bytes: found once, written to each.
      const shared = new Map<Encoder, { from: C; portion: Portion<C> }>();
      for (const subscriber of subscribers) {
        if (subscriber.behind) continue;
        const { encoder } = subscriber.reader;
        const last = shared.get(encoder);
        const found =
          last && source.isSame(last.from, subscriber.cursor) ? last : portionAt(subscriber.cursor, encoder);
        if (!found) continue;
        if (found !== last) shared.set(encoder, found);
        give(subscriber, found.portion);
      }
    },
    reset() {
      for (const subscriber of subscribers) {
        subscriber.reset = true;
        if (!subscriber.behind) void catchUp(subscriber);
      }
    },
    end() {
      ended = true;
      for (const subscriber of subscribers) if (!subscriber.behind) subscriber.done();
    },
  };
}
