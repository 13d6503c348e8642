import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

type Test = Parameters<Sequencer['time']>[0];

/**
 * Starts the longest files first, so that no worker is left with one when the others are done. Where jest has not seen a
 * file run, as in a fresh clone, the seconds of `test/durations.json` count.
 */
// biome-ignore lint/style/noDefaultExport: jest takes the default export of a sequencer.
export default class LongestFirst extends Sequencer {
  readonly #recorded = JSON.parse(readFileSync('test/durations.json', 'utf8')) as Record<string, number>;

  override time(test: Test): number {
    const seconds = this.#recorded[relative(test.context.config.rootDir, test.path)] ?? 0;
    return super.time(test) ?? seconds * 1_000;
  }
}
