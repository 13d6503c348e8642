/** Thrown inside a condition: the awaited thing can no longer happen, so waiting on would be a waste. */
export class HopelessError extends Error {
  override name = 'HopelessError';
}

export interface PollOptions {
  /** What is awaited, for the error: "the turn is waiting". */
  what: string;
  timeoutMs?: number;
  /** Default: an eighth of the time that has been waited, from 25 to 100 ms. */
  everyMs?: number;
  /** More words for the error, such as log tails. */
  explain?: () => string;
}

/**
 * Asks again and again until the answer is truthy, and returns it. An error thrown by the condition counts as
 * "not yet" (processes come and go in these tests), except {@link HopelessError}.
 */
export async function poll<T>(
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: PollOptions,
): Promise<T> {
  const { what, timeoutMs = 20_000, everyMs, explain } = options;
  const begunMs = performance.now();
  const until = begunMs + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      if (error instanceof HopelessError) throw error;
      lastError = error;
    }
    await pause(everyMs ?? Math.min(100, Math.max(25, (performance.now() - begunMs) / 8)));
  } while (performance.now() < until);
  const because = lastError === undefined ? '' : `; last error: ${String(lastError)}`;
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}${because}${explain ? `\n${explain()}` : ''}`);
}

/** The pause between two looks at a condition; not for tests. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
