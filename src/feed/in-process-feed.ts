import type { Hint, LiveFeed } from './live-feed.ts';

/** Hints within one process. `reaches` is false where workers run in other processes, and the feed carries only our own. */
export function createInProcessFeed(reaches: boolean): LiveFeed {
  const listeners = new Set<(hint: Hint) => void>();
  return {
    reaches,
    publish(hint) {
      for (const listener of listeners) listener(hint);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      listeners.clear();
    },
  };
}
