import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  timeoutMs: number;
  everyMs: number;
  signal?: AbortSignal;
}

/** Asks until `ask` gives something truthy, and gives it; undefined once `timeoutMs` are over or `signal` is aborted. */
export async function poll<T>(
  ask: () => T | Promise<T>,
  { timeoutMs, everyMs, signal }: PollOptions,
): Promise<T | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() >= end || signal?.aborted) return undefined;
    await delay(everyMs);
  }
}
