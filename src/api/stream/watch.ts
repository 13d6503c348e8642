import type { Followed } from '../../temporal/turn/turn-observer.ts';
import { type HintDeps, type HintHandlers, subscribeToHints } from './hints.ts';
import type { StreamReader } from './readers.ts';
import { createSubscribers, type FrameSource, type Subscribers } from './subscribers.ts';
import { createWakeUp } from './wake-up.ts';

/**
 * The one watcher of something in this process, for as long as somebody reads it. The way from a hint to a frame:
 *
 * 1. A hint says that something may have changed (`hints.ts`). It comes through the live feed (of a turn's workflow:
 *    `workflows/turn/turn-sink.ts`) and, where no feed reaches, from the workflow's history. Hints may be lost or wrong, so
 *    where a feed reaches there is a look without one after a gap and every 5 to 10 s.
 * 2. Any number of hints lead to one look, and no two run at once (`wake-up.ts`). A look at a turn reads the store, to which
 *    activities carry committed events. The workflow is queried as well at the first look, at a look without a hint, for events
 *    that no activity carries, and when the store does not have within 100 ms what a hint told of (`turn-look.ts`,
 *    `turn-source.ts`). An end is believed once the store has it.
 * 3. What is new is kept once (`event-buffer.ts`), and encoded once for each format that is read (`frame-list.ts`).
 * 4. Every subscriber takes frames from there at its own pace (`subscribers.ts`).
 *
 * A watch is not ready until its first look has succeeded; then idle until a hint, looking, or retrying 500 ms after a look
 * that failed; and ended when nothing more will come. A subscriber that has everything is written what is new at once. One that
 * is behind takes portion after portion, each when the last has drained. One whose events were never committed is sent a
 * `reset` and begins again. The inbox has no watch: each of its readers looks at the store (`approvals-stream.ts`).
 */
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

/** Something that readers follow: a turn, an auth flow. It says where its frames come from and when to look for them. */
export interface Watched<C> {
  followed: Followed;
  frames: FrameSource<C>;
  /** Finds what is new and tells the subscribers. Throws when what it asks does not answer at the moment. */
  look(subscribers: Subscribers<C>): Promise<void>;
  /** What hints mean here; `look` begins one look for any number of hints. */
  handlers(look: () => void): HintHandlers & Partial<Disposable>;
  /** Whether everything is there, the end too. */
  ended(): boolean;
  /** Whether to look again without a hint, `againMs` after a look. */
  again(): boolean;
  againMs: number;
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
  const handlers = watched.handlers(wakeUp.hint);
  const subscription = subscribeToHints(deps, followed, handlers);

  return {
    ready: wakeUp.first,
    refresh: wakeUp.refresh,
    ended,
    follow: subscribers.follow,
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      handlers[Symbol.dispose]?.();
      await wakeUp[Symbol.asyncDispose]();
    },
  };
}
