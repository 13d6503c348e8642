import { BrowserError } from '../login-browser.ts';

/** A place that is taken; leaving it a second time does nothing. */
export type Leave = () => void;

/** Places for contexts. Who finds none stands in line: first come, first served. */
export interface Places {
  /** Resolves once a place is taken. Throws `capacity_reached` where the signal, or patience, ends first. */
  take(step: string, signal: AbortSignal): Promise<Leave>;
  taken(): number;
  /** How many stand in line. */
  inLine(): number;
}

export interface PlacesOptions {
  count: number;
  /** How long one stands in line at most, in milliseconds. */
  patienceMs: number;
  /** Told when somebody begins to stand in line. */
  onLine: () => void;
}

export function createPlaces({ count, patienceMs, onLine }: PlacesOptions): Places {
  const line = new Set<() => void>();
  let taken = 0;

  /** The place goes to the first in line, or is free. */
  function leave(): void {
    const [next] = line;
    if (next) next();
    else taken -= 1;
  }

  async function turn(step: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const given = () => {
      line.delete(given);
      resolve();
    };
    const givenUp = () => {
      line.delete(given);
      reject(new BrowserError('capacity_reached', step));
    };
    const ended = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    line.add(given);
    ended.addEventListener('abort', givenUp, { once: true });
    if (ended.aborted) givenUp();
    else onLine();
    await promise.finally(() => ended.removeEventListener('abort', givenUp));
  }

  return {
    async take(step, signal) {
      if (taken < count) taken += 1;
      else await turn(step, signal);
      let isLeft = false;
      return () => {
        if (isLeft) return;
        isLeft = true;
        leave();
      };
    },
    taken: () => taken,
    inLine: () => line.size,
  };
}
