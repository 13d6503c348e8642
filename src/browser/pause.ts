import { setTimeout as elapsed } from 'node:timers/promises';

/** Resolves after a while; rejects as soon as the signal is aborted. */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  await elapsed(durationMs, undefined, signal && { signal });
}
