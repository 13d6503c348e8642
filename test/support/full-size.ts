import { it } from '@jest/globals';

declare global {
  /** Set by the project `full` of `jest.config.js`. */
  var longturnTestFull: boolean | undefined;
}

/** Whether this is `npm run test:full`. See `docs/testing.md`. */
export function isFullSize(): boolean {
  return globalThis.longturnTestFull === true;
}

/** How much of something a test takes: in every run, and in `npm run test:full`. */
export function sized(everyRun: number, full: number): number {
  return isFullSize() ? full : everyRun;
}

/** The cases of a table: those of every run, and behind them those of `npm run test:full` alone. */
export function sizedCases<T>(everyRun: readonly T[], inFull: readonly T[]): T[] {
  return isFullSize() ? [...everyRun, ...inFull] : [...everyRun];
}

const uncollected = Object.assign(() => {}, { each: () => () => {} });

/**
 * `it` for a case of `npm run test:full`, which every other run does not collect. What stands for it there is in
 * `left-to-full.ts`.
 */
export const itInFull = (
  isFullSize() ? it : Object.assign(() => {}, { ...uncollected, concurrent: uncollected })
) as typeof it;
