import type { Followed } from '../../temporal/turn/turn-observer.ts';
import type { FrameSource } from './frame-source.ts';
import { type Ears, type HintDeps, listen } from './hints.ts';
import type { StreamReader } from './readers.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createWakeUp } from './wake-up.ts';

/** Something that readers follow: a turn, an auth flow. It says where its frames come from and when to look for them. */
export interface Watched<C> {
  followed: Followed;
  frames: FrameSource<C>;
  /** Finds what is new and tells the subscribers. Throws when what it asks does not answer at the moment. */
  look(subscribers: Subscribers<C>): Promise<void>;
  /** What hints mean here; `look` begins one look for any number of hints. */
  ears(look: () => void): Ears & Partial<Disposable>;
  /** Whether everything is there, the end too. */
  ended(): boolean;
  /** Whether to look again without a hint, `againMs` after a look. */
  again(): boolean;
  againMs: number;
}

/** The one watcher of something in this process: hint → one coalesced look → frames → all readers. */
export interface Watch<C> extends AsyncDisposable {
  /** Resolves when everything that was known at the first look is here. */
  readonly ready: Promise<void>;
  /** Looks again; resolves after a look that began later than this call and did not fail. */
  refresh(): Promise<void>;
  ended(): boolean;
  /**
   * Writes what is behind the cursor, and from then on everything new; a cursor that is none of this thing's gets a
   * `reset` first. Resolves when the end is written, or the reader is gone.
   */
  follow(cursor: C, reader: StreamReader): Promise<void>;
}

/** How soon a look that failed is repeated, in milliseconds. */
const RETRY_MS = 500;

/** Watches until it is disposed of. */
export function createWatch<C>(deps: HintDeps, watched: Watched<C>): Watch<C> {
  const { followed, frames, ended, againMs } = watched;
  const subscribers = createSubscribers(frames);
  const wakeUp = createWakeUp(() => watched.look(subscribers), {
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
    follow: subscribers.follow,
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      ears[Symbol.dispose]?.();
      await wakeUp[Symbol.asyncDispose]();
    },
  };
}
