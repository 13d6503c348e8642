import { BrowserError } from '../login-browser.ts';

/** Frees a slot; a second call does nothing. */
export type Release = () => void;

/** A bounded number of slots for browser contexts, handed out first come, first served. */
export interface Slots {
  /** Resolves once a slot is free and taken. Throws `capacity_reached` where the signal is aborted, or the wait is over, first. */
  acquire(step: string, signal: AbortSignal): Promise<Release>;
  taken(): number;
  /** How many callers wait for a slot. */
  waiting(): number;
}

export interface SlotsOptions {
  count: number;
  /** Longest wait for a slot, in milliseconds. */
  maxWaitMs: number;
  /** Called when a caller begins to wait. */
  onWait: () => void;
}

export function createSlots({ count, maxWaitMs, onWait }: SlotsOptions): Slots {
  const queue = new Set<() => void>();
  let taken = 0;

  /** Hands the slot to the first caller that waits, if any. */
  function free(): void {
    const [next] = queue;
    if (next) next();
    else taken -= 1;
  }

  async function wait(step: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const grant = () => {
      queue.delete(grant);
      resolve();
    };
    const giveUp = () => {
      queue.delete(grant);
      reject(new BrowserError('capacity_reached', step));
    };
    const ended = AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)]);
    queue.add(grant);
    ended.addEventListener('abort', giveUp, { once: true });
    if (ended.aborted) giveUp();
    else onWait();
    await promise.finally(() => ended.removeEventListener('abort', giveUp));
  }

  return {
    async acquire(step, signal) {
      if (taken < count) taken += 1;
      else await wait(step, signal);
      let isFreed = false;
      return () => {
        if (isFreed) return;
        isFreed = true;
        free();
      };
    },
    taken: () => taken,
    waiting: () => queue.size,
  };
}
