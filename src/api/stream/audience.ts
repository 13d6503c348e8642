import { aborted } from './aborted.ts';
import { encodeFrame, type FrameBuffer, type Place, type Portion } from './frame-buffer.ts';
import type { StreamReader } from './readers.ts';

/** The readers of one turn. Each takes from the shared buffer at its own pace; none has a queue of its own. */
export interface Audience {
  /** Writes what follows a place, and from then on everything new, until the turn has ended or the reader is gone. */
  follow(place: Place, reader: StreamReader): Promise<void>;
  /** The buffer has grown. */
  grown(): void;
  /** What was sent was never committed: every reader begins again. */
  reset(): void;
  /** Nothing more will come. */
  end(): void;
}

interface Follower {
  reader: StreamReader;
  place: Place;
  /** Catching up by itself: it takes what is new when it gets there. */
  behind: boolean;
  reset: boolean;
  done(): void;
}

const RESET = encodeFrame('reset', { type: 'reset' });
const BEGINNING: Place = { seq: 0, n: 0 };

export function createAudience(buffer: FrameBuffer): Audience {
  const followers = new Set<Follower>();
  let ended = false;

  const catchUp = async (follower: Follower) => {
    const { reader } = follower;
    follower.behind = true;
    for (let next = take(follower); next && !reader.gone.aborted; next = take(follower)) {
      if (!reader.write(next)) await reader.drained();
    }
    follower.behind = false;
    if (ended) follower.done();
  };

  /** The next bytes for a follower, which then stands behind them. */
  const take = (follower: Follower) => {
    if (follower.reset) {
      follower.reset = false;
      follower.place = BEGINNING;
      return RESET;
    }
    const portion = buffer.after(follower.place);
    follower.place = portion?.place ?? follower.place;
    return portion?.frames;
  };

  return {
    async follow(place, reader) {
      const finished = Promise.withResolvers<void>();
      const follower = { reader, place, behind: false, reset: !buffer.has(place), done: finished.resolve };
      followers.add(follower);
      const catching = catchUp(follower);
      await Promise.race([finished.promise, aborted(reader.gone)]);
      followers.delete(follower);
      await catching;
    },
    grown() {
      // All that are abreast get the same bytes: found once, written to each.
      let shared: { from: Place; portion: Portion } | undefined;
      for (const follower of followers) {
        if (follower.behind) continue;
        if (!shared || !isSame(shared.from, follower.place)) shared = portionAt(follower.place);
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

  function portionAt(from: Place) {
    const portion = buffer.after(from);
    return portion && { from, portion };
  }

  function give(follower: Follower, { frames, place }: Portion): void {
    follower.place = place;
    const isTaken = follower.reader.write(frames);
    if (!isTaken || buffer.after(place)) void catchUpDrained(follower, isTaken);
  }

  async function catchUpDrained(follower: Follower, isTaken: boolean): Promise<void> {
    follower.behind = true;
    if (!isTaken) await follower.reader.drained();
    await catchUp(follower);
  }
}

function isSame(a: Place, b: Place): boolean {
  return a === b || (a.seq === b.seq && a.n === b.n);
}
