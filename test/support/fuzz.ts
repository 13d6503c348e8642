import type fc from 'fast-check';

/**
 * With what made-up values begin: the same each time, so that a run that nobody changed anything for does not fail. Another seed
 * comes from `npm run test:fuzz`; a failure prints the seed and the path to the value.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 9);
const RUNS = process.env['FUZZ_RUNS'];

/** How often each property is tried; `usual` in `npm test`. */
export function bounds(usual: number): fc.Parameters<unknown> {
  return { seed: SEED, numRuns: RUNS === undefined ? usual : Number(RUNS), endOnFailure: true };
}
