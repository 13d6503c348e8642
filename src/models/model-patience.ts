import type { ModelErrorCode } from './model-provider.ts';

/** How long a step goes on asking a model that fails, where its agent does not say, in milliseconds. */
export const DEFAULT_PATIENCE_MS = 3_600_000;
/** After this long the fallback is asked, where the configuration does not say, in milliseconds. */
export const DEFAULT_FALLBACK_AFTER_MS = 60_000;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Share of the back-off that is waited even where the provider asks for less, so that nobody asks in a tight loop. */
const LEAST_SHARE = 0.01;
/** Up to this share is waited longer than `Retry-After`, so that turns that were told the same time do not all ask at once. */
const SPREAD = 0.1;

/** A failure that most likely comes again is borne so often. */
const MOST_LASTING = 1;

/** What a step has waited for its models so far. Time in which no worker was there does not count. */
export interface Spent {
  failures: number;
  spentMs: number;
  /** How many of the failures were lasting ones of the model that is asked now. */
  lasting?: number;
}

export interface ModelFailure {
  code: string;
  retryable: boolean;
  retryAfterMs?: number | undefined;
  /** Most likely it comes again: patience does not help. */
  lasting?: boolean;
  /** From the question to the failure. */
  durationMs: number;
}

export interface PatienceTerms {
  patienceMs: number;
  /** Absent: there is no other model to ask, or it is being asked already. */
  fallbackAfterMs?: number;
}

/** What follows from a failure: the same model again after a while, the fallback now, or nothing more. */
export type AfterFailure =
  | { next: 'again'; delayMs: number; spent: Spent }
  | { next: 'fallback'; spent: Spent }
  | { next: 'over'; spent: Spent };

/** Waiting does not help against these, but another provider may. */
export const FATAL_OUTAGES: readonly string[] = [
  'model_unauthorized',
  'model_not_configured',
] satisfies ModelErrorCode[];

/**
 * Decides what follows from a failure. The waits double from 1 s up to 60 s, each drawn between a half and the whole;
 * `Retry-After` is never undercut. All waits and attempts since the first failure together never take longer than the
 * patience, so a provider that asks for more than is left ends it. What most likely comes again is tried once more. `random`: from 0 up to 1.
 */
export function afterFailure(
  before: Spent | undefined,
  failure: ModelFailure,
  { patienceMs, fallbackAfterMs }: PatienceTerms,
  random: () => number,
): AfterFailure {
  const failures = (before?.failures ?? 0) + 1;
  // Patience begins with the first failure: the attempt before it does not count.
  const spentMs = before ? before.spentMs + failure.durationMs : 0;
  const spent = { failures, spentMs };
  const giveUp: AfterFailure = { next: fallbackAfterMs === undefined ? 'over' : 'fallback', spent };
  const lasting = (before?.lasting ?? 0) + (failure.lasting ? 1 : 0);
  if (!failure.retryable) return FATAL_OUTAGES.includes(failure.code) ? giveUp : { next: 'over', spent };

  if (failure.lasting && lasting > MOST_LASTING) return giveUp;

  const leftMs = Math.min(fallbackAfterMs ?? patienceMs, patienceMs) - spentMs;
  if (leftMs <= 0 || (failure.retryAfterMs ?? 0) > leftMs) return giveUp;
  const delayMs = Math.min(leftMs, waitMs(failures, failure.retryAfterMs, random));
  return {
    next: 'again',
    delayMs,
    spent: { failures, spentMs: spentMs + delayMs, ...(lasting > 0 && { lasting }) },
  };
}

function waitMs(failures: number, retryAfterMs: number | undefined, random: () => number): number {
  // The exponent is bounded, or the power would not be a number any more.
  const backOffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 16));
  if (retryAfterMs === undefined) return Math.ceil(backOffMs * (0.5 + random() / 2));
  return Math.ceil(Math.max(retryAfterMs * (1 + random() * SPREAD), backOffMs * LEAST_SHARE));
}
