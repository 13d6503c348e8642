import type { ModelLimits } from './model-limits.ts';

/** What all workers together have taken of a scope's limits. Plain JSON: the store keeps it. */
export interface CapacityState {
  /** Calls in flight: until when each is counted, unless it is renewed, in milliseconds of the epoch. */
  leases: Record<string, number>;
  requests: Level;
  tokens: Level;
  /** The provider is out of order, and is not asked before this instant where there is a fallback. */
  outageUntilMs?: number;
}

/** What was used lately. It drains at the rate that is allowed a minute. */
interface Level {
  used: number;
  atMs: number;
}

export const UNUSED: CapacityState = {
  leases: {},
  requests: { used: 0, atMs: 0 },
  tokens: { used: 0, atMs: 0 },
};

/** How long a call is counted without being renewed, in milliseconds. A worker that died holds its places for that long. */
export const LEASE_MS = 30_000;
const MINUTE_MS = 60_000;

export type Taken = { state: CapacityState } | { waitMs: number };

/**
 * Takes a place for a call; `waitMs` says when to try again where a minute's amount is used up, and is 0 where a place has to
 * become free. Whoever holds a place already, such as a call whose worker died, keeps it.
 */
export function take(state: CapacityState, holder: string, limits: ModelLimits, nowMs: number): Taken {
  const leases = Object.fromEntries(
    Object.entries(state.leases).filter(([id, untilMs]) => id !== holder && untilMs > nowMs),
  );
  if (Object.keys(leases).length >= (limits.maxInFlight ?? Number.POSITIVE_INFINITY)) return { waitMs: 0 };
  const requests = drained(state.requests, limits.requestsPerMinute, nowMs);
  const tokens = drained(state.tokens, limits.tokensPerMinute, nowMs);
  const waitMs = Math.max(
    untilDrained(requests.used + 1, limits.requestsPerMinute),
    // What an answer costs is known only afterwards: a call may begin while the minute's amount is not used up.
    untilDrained(tokens.used + 1, limits.tokensPerMinute),
  );
  if (waitMs > 0) return { waitMs };
  return {
    state: {
      ...state,
      leases: { ...leases, [holder]: nowMs + LEASE_MS },
      requests: { ...requests, used: requests.used + 1 },
      tokens,
    },
  };
}

/** Keeps a place for longer. */
export function renew(state: CapacityState, holder: string, nowMs: number): CapacityState {
  return { ...state, leases: { ...state.leases, [holder]: nowMs + LEASE_MS } };
}

/** Gives a place back, and counts what the call has used. */
export function giveBack(
  state: CapacityState,
  holder: string,
  usedTokens: number,
  limits: ModelLimits,
  nowMs: number,
): CapacityState {
  const { [holder]: _, ...leases } = state.leases;
  const tokens = drained(state.tokens, limits.tokensPerMinute, nowMs);
  return { ...state, leases, tokens: { ...tokens, used: tokens.used + usedTokens } };
}

/** Where this worker's clock is behind the one that wrote the level, nothing has drained. */
function drained({ used, atMs }: Level, perMinute: number | undefined, nowMs: number): Level {
  const passedMs = Math.max(0, nowMs - atMs);
  const left = perMinute === undefined ? 0 : Math.max(0, used - (passedMs * perMinute) / MINUTE_MS);
  return { used: left, atMs: Math.max(nowMs, atMs) };
}

function untilDrained(used: number, perMinute: number | undefined): number {
  if (perMinute === undefined || used <= perMinute) return 0;
  return Math.ceil(((used - perMinute) * MINUTE_MS) / perMinute);
}
