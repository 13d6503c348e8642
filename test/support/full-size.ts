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
