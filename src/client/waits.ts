/** Waits so many milliseconds; rejects with the signal's reason once it is aborted. */
export type Sleep = (waitMs: number, signal?: AbortSignal) => Promise<void>;

export const sleep: Sleep = (waitMs, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, waitMs);
    signal?.addEventListener('abort', abort, { once: true });
  });

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * How long to wait after so many failures in a row, in milliseconds: twice as long each time, less up to a half of it so that
 * many clients do not come back at once, and never shorter than the API has asked for.
 */
export function waitAfter(failures: number, retryAfterMs = 0): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  return Math.max(retryAfterMs, longest * (1 - Math.random() / 2));
}

/** Milliseconds of a `Retry-After` header: seconds, or an HTTP date; undefined where there is none. */
export function readRetryAfter(header: string | null, nowMs: number = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1_000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
