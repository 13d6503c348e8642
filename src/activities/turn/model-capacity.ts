import type { Logger } from 'pino';
import { type CapacityState, giveBack, LEASE_MS, renew, take, UNUSED } from '../../models/model-capacity.ts';
import { isLimited, type ScopedLimits } from '../../models/model-limits.ts';
import type { ModelCapacityStore } from '../../store/store.ts';

/** How often it is looked whether a place has become free in another process, in milliseconds; drawn up to twice of it. */
const LOOK_MS = 200;
/** A provider that is out of order is asked again after this long, in milliseconds. */
const OUTAGE_MS = 60_000;

export interface CapacityDeps {
  capacity: ModelCapacityStore;
  now(): Date;
  log: Logger;
}

/** Places at the models' providers, as all workers share them. */
export interface ModelCapacity {
  /** Waits for a place, as long as it takes; not at all where nothing is limited. Rejects when the signal is aborted. */
  enter(limits: ScopedLimits, holder: string, signal: AbortSignal): Promise<Place>;
  health(scope: string): Promise<Health>;
  /** Tells all workers that a provider is out of order, or that it is back. */
  report(scope: string, health: 'fine' | 'out'): Promise<void>;
}

/** Of a provider. `out`: not to be asked now. `doubtful`: it was out, and may be back. */
export type Health = 'fine' | 'out' | 'doubtful';

export interface Place {
  /** Gives it back, with what was used. */
  leave(usedTokens: number): Promise<void>;
}

const UNCOUNTED: Place = { leave: async () => {} };

export function createModelCapacity({ capacity, now, log }: CapacityDeps): ModelCapacity {
  const waiting = new Set<() => void>();

  const nowMs = () => now().getTime();
  const read = async (scope: string) => {
    const found = await capacity.read(scope);
    return { state: (found?.state ?? UNUSED) as CapacityState, revision: found?.revision ?? 0 };
  };
  /** Repeats until nobody has written meanwhile; each round, one of those who try gets through. */
  const change = async (scope: string, to: (state: CapacityState) => CapacityState | undefined) => {
    for (;;) {
      const { state, revision } = await read(scope);
      const next = to(state);
      if (next === undefined || (await capacity.write(scope, next, revision))) return;
    }
  };

  const tryToTake = async (limits: ScopedLimits, holder: string): Promise<{ waitMs: number } | undefined> => {
    let refused: { waitMs: number } | undefined;
    await change(limits.scope, (state) => {
      const taken = take(state, holder, limits, nowMs());
      refused = 'state' in taken ? undefined : taken;
      return 'state' in taken ? taken.state : undefined;
    });
    return refused;
  };

  const placeOf = (limits: ScopedLimits, holder: string): Place => {
    const timer = setInterval(() => {
      change(limits.scope, (state) => renew(state, holder, nowMs())).catch((error) =>
        log.warn({ err: error, scope: limits.scope }, 'a place at a model could not be renewed'),
      );
    }, LEASE_MS / 3);
    return {
      async leave(usedTokens) {
        clearInterval(timer);
        // Where the store is away, the place is free again by itself.
        await change(limits.scope, (state) => giveBack(state, holder, usedTokens, limits, nowMs())).catch(
          (error) => log.warn({ err: error, scope: limits.scope }, 'a place at a model was not given back'),
        );
        for (const look of waiting) look();
      },
    };
  };

  return {
    async enter(limits, holder, signal) {
      if (!isLimited(limits)) return UNCOUNTED;
      for (;;) {
        signal.throwIfAborted();
        const refused = await tryToTake(limits, holder);
        if (!refused) return placeOf(limits, holder);
        await untilLook(waiting, Math.max(refused.waitMs, LOOK_MS) + Math.random() * LOOK_MS, signal);
      }
    },
    async health(scope) {
      const { outageUntilMs } = (await read(scope)).state;
      if (outageUntilMs === undefined) return 'fine';
      return nowMs() < outageUntilMs ? 'out' : 'doubtful';
    },
    report: (scope, health) =>
      change(scope, ({ outageUntilMs: _, ...state }) =>
        health === 'out' ? { ...state, outageUntilMs: nowMs() + OUTAGE_MS } : state,
      ),
  };
}

/** Waits until the time is over, a place of this process was given back, or the signal is aborted. */
function untilLook(waiting: Set<() => void>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      waiting.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    waiting.add(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
