import type { TurnRecord } from '../../store/store.ts';
import { createTurnWatch, type TurnWatch, type WatchDeps } from './turn-watch.ts';

/** The watchers of this process: one for each watched turn, for as long as somebody reads it. */
export interface TurnWatches extends AsyncDisposable {
  /** Lends the turn's watch, made on first use. Give it back with {@link TurnWatches.release}. */
  borrow(turn: TurnRecord): TurnWatch;
  release(turnId: string): void;
  count(): number;
}

/** How long a watch without readers is kept for the next one, in milliseconds. */
const LINGER_MS = 1_000;

export function createTurnWatches(deps: WatchDeps): TurnWatches {
  const watches = new Map<string, { watch: TurnWatch; users: number; linger?: NodeJS.Timeout | undefined }>();

  const drop = async (turnId: string) => {
    const entry = watches.get(turnId);
    watches.delete(turnId);
    clearTimeout(entry?.linger);
    await entry?.watch[Symbol.asyncDispose]();
  };
  return {
    borrow(turn) {
      const entry = watches.get(turn.id) ?? { watch: createTurnWatch(deps, turn), users: 0 };
      watches.set(turn.id, entry);
      clearTimeout(entry.linger);
      entry.users += 1;
      return entry.watch;
    },
    release(turnId) {
      const entry = watches.get(turnId);
      if (!entry) return;
      entry.users -= 1;
      if (entry.users > 0) return;
      // What has ended is read from the store the next time.
      entry.linger = setTimeout(() => void drop(turnId), entry.watch.ended() ? 0 : LINGER_MS);
    },
    count: () => watches.size,
    async [Symbol.asyncDispose]() {
      await Promise.all([...watches.keys()].map(drop));
    },
  };
}
