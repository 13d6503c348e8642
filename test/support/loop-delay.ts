import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Longest time that the event loop may be held up, in milliseconds. */
export const MAX_STALL_MS = 250;

/** Watches this process's event loop. */
export interface LoopWatch extends Disposable {
  /** Longest time that it was held up since, in milliseconds. */
  longestMs(): Promise<number>;
}

/** Begins to watch. Work that holds up the loop for good ends the test only when it is over. */
export function watchLoop(): LoopWatch {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  return {
    async longestMs() {
      // A stall is written down by the first timer after it.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return delay.max / 1e6;
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}
