import { setTimeout as delay } from 'node:timers/promises';

/** Pause between two reads: the first one, doubled up to the longest, in milliseconds. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 50;

/**
 * Reads the store until what it answers fits, or the time is over; answers what was read last. For what a workflow has
 * decided and a worker is about to store: the workflow's answer does not hold it, and no hint of it reaches every process.
 */
export async function readUntil<T>(
  read: () => Promise<T>,
  fits: (value: T) => boolean,
  withinMs: number,
): Promise<T> {
  const until = performance.now() + withinMs;
  let value = await read();
  for (let pauseMs = FIRST_PAUSE_MS; !fits(value) && performance.now() < until; pauseMs *= 2) {
    await delay(Math.min(pauseMs, LONGEST_PAUSE_MS));
    value = await read();
  }
  return value;
}
