import { aborted } from './aborted.ts';
import type { StreamReader } from './readers.ts';
import { encodeFrame, type Portion, type Shelf } from './shelf.ts';

/** The readers of one watched thing. Each takes from the shared shelf at its own pace; none has a queue of its own. */
export interface Audience<P> {
  /** Writes what follows a place, and from then on everything new, until the end or until the reader is gone. */
  follow(place: P, reader: StreamReader): Promise<void>;
  /** There is more on the shelf. */
  grown(): void;
  /** What was sent was never committed: every reader begins again. */
  reset(): void;
  /** Nothing more will come. */
  end(): void;
}

interface Follower<P> {
  reader: StreamReader;
  place: P;
  /** Catching up by itself: it takes what is new when it gets there. */
  behind: boolean;
  reset: boolean;
  done(): void;
}

const RESET = encodeFrame('reset', { type: 'reset' });

export function createAudience<P>(shelf: Shelf<P>): Audience<P> {
  const followers = new Set<Follower<P>>();
  let ended = false;

  const catchUp = async (follower: Follower<P>) => {
    const { reader } = follower;
    follower.behind = true;
    for (let next = take(follower); next && !reader.gone.aborted; next = take(follower)) {
      if (!reader.write(next)) await reader.drained();
    }
    follower.behind = false;
    if (ended) follower.done();
  };

  /** The next bytes for a follower, which then stands behind them. */
  const take = (follower: Follower<P>) => {
    if (follower.reset) {
      follower.reset = false;
      follower.place = shelf.beginning;
      return RESET;
    }
    const portion = shelf.after(follower.place);
    follower.place = portion?.place ?? follower.place;
    return portion?.frames;
  };

  return {
    async follow(place, reader) {
      const finished = Promise.withResolvers<void>();
      const follower = { reader, place, behind: false, reset: !shelf.has(place), done: finished.resolve };
      followers.add(follower);
      const catching = catchUp(follower);
      await Promise.race([finished.promise, aborted(reader.gone)]);
      followers.delete(follower);
      await catching;
    },
    grown() {
      // All that are abreast get the same bytes: found once, written to each.
      let shared: { from: P; portion: Portion<P> } | undefined;
      for (const follower of followers) {
        if (follower.behind) continue;
        if (!shared || !shelf.isSame(shared.from, follower.place)) shared = portionAt(follower.place);
        if (shared) give(follower, shared.portion);
      }
    },
    reset() {
      for (const follower of followers) {
        follower.reset = true;
        if (!follower.behind) void catchUp(follower);
      }
    },
    end() {
      ended = true;
      for (const follower of followers) if (!follower.behind) follower.done();
    },
  };

  function portionAt(from: P) {
    const portion = shelf.after(from);
    return portion && { from, portion };
  }

  function give(follower: Follower<P>, { frames, place }: Portion<P>): void {
    follower.place = place;
    const isTaken = follower.reader.write(frames);
    if (!isTaken || shelf.after(place)) void catchUpDrained(follower, isTaken);
  }

  async function catchUpDrained(follower: Follower<P>, isTaken: boolean): Promise<void> {
    follower.behind = true;
    if (!isTaken) await follower.reader.drained();
    await catchUp(follower);
  }
}
