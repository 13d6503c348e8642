import type { Followed } from '../../temporal/turn/turn-observer.ts';
import { type Audience, createAudience } from './audience.ts';
import { type Ears, type HintDeps, listen } from './hints.ts';
import type { StreamReader } from './readers.ts';
import type { Shelf } from './shelf.ts';
import { createWakeUp } from './wake-up.ts';

/** Something that readers follow: a turn, an auth flow. It says where its frames come from and when to look for them. */
export interface Watched<P> {
  followed: Followed;
  shelf: Shelf<P>;
  /** Puts what is new on the shelf and tells the audience. Throws when the source does not answer at the moment. */
  look(audience: Audience<P>): Promise<void>;
  /** What hints mean here; `look` begins one look for any number of hints. */
  ears(look: () => void): Ears & Partial<Disposable>;
  /** Whether everything is on the shelf, the end too. */
  ended(): boolean;
  /** Whether to look again without a hint, `againMs` after a look. */
  again(): boolean;
  againMs: number;
}

/** The one watcher of something in this process: hint → one coalesced look → shelf → all readers. */
export interface Watch<P> extends AsyncDisposable {
  /** Resolves when everything that was known at the first look is here. */
  readonly ready: Promise<void>;
  /** Looks again; resolves after a look that began later than this call and did not fail. */
  refresh(): Promise<void>;
  ended(): boolean;
  /**
   * Writes what is behind the place, and from then on everything new; a place that is none of the shelf's gets a `reset`
   * first. Resolves when the end is written, or the reader is gone.
   */
  follow(place: P, reader: StreamReader): Promise<void>;
}

/** How soon a look that failed is repeated, in milliseconds. */
const RETRY_MS = 500;

/** Watches until it is disposed of. */
export function createWatch<P>(deps: HintDeps, watched: Watched<P>): Watch<P> {
  const { followed, shelf, ended, againMs } = watched;
  const audience = createAudience(shelf);
  const wakeUp = createWakeUp(() => watched.look(audience), {
    retryMs: RETRY_MS,
    again: () => !ended() && watched.again(),
    againMs,
    failed: (error) => deps.log.debug({ err: error, ...followed }, 'not readable at the moment'),
  });
  const ears = watched.ears(wakeUp.hint);
  const listening = listen(deps, followed, ears);

  return {
    ready: wakeUp.first,
    refresh: wakeUp.refresh,
    ended,
    follow: audience.follow,
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      ears[Symbol.dispose]?.();
      await wakeUp[Symbol.asyncDispose]();
    },
  };
}
