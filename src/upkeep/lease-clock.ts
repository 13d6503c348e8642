import type { LeaseStore } from '../store/store.ts';

/** Tells when a round is due that one of many processes is to do. */
export interface LeaseClock {
  /** The round that is begun now by this process; undefined when none is due, or another process was quicker. */
  take(): Promise<number | undefined>;
  /** For how long none can be due as far as this process knows, in milliseconds: nobody needs to ask before. */
  restMs(): number;
}

/**
 * Rounds are numbered in the store. One is due when the number of the last has stood for long enough on this process's own
 * clock, which only goes on: no two clocks are compared, and a process that dies in its round holds up nothing.
 */
export function createLeaseClock(
  leases: LeaseStore,
  { name, everyMs, elapsedMs }: { name: string; everyMs: number; elapsedMs(): number },
): LeaseClock {
  let seen: { number: number; sinceMs: number } | undefined;
  const restMs = () => (seen ? Math.max(seen.sinceMs + everyMs - elapsedMs(), 0) : 0);
  return {
    restMs,
    async take() {
      const number = await leases.number(name);
      if (seen?.number !== number) seen = { number, sinceMs: elapsedMs() };
      if (restMs() > 0) return undefined;
      const isOurs = await leases.take(name, number);
      // Where it is not ours, another process has just begun it.
      seen = { number: number + 1, sinceMs: elapsedMs() };
      return isOurs ? number + 1 : undefined;
    },
  };
}
