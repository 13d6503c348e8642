import { afterAll, beforeAll } from '@jest/globals';

/** How long a `beforeAll` may take that starts a system. */
export const START_TIMEOUT_MS = 120_000;

const END_TIMEOUT_MS = 30_000;

/** Registers hooks that start something before a file's tests and dispose of it after them; returns what gives it. */
export function useDisposable<T extends AsyncDisposable>(what: string, start: () => Promise<T>): () => T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await started?.[Symbol.asyncDispose]();
  }, END_TIMEOUT_MS);
  return () => {
    if (!started) throw new Error(`${what} is there in tests only.`);
    return started;
  };
}
