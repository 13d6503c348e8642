// Plain JavaScript: the types of this package are those of its CommonJS build, where the class is not the default export.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * Starts the longest files first, so that no worker is left with one when the others are done. Where jest has not seen a
 * file run, as in a fresh clone, the seconds of `test/durations.json` count.
 */
// biome-ignore lint/style/noDefaultExport: jest takes the default export of a sequencer.
export default class LongestFirst extends Sequencer {
  #recorded = JSON.parse(readFileSync('test/durations.json', 'utf8'));

  time(test) {
    const seconds = this.#recorded[relative(test.context.config.rootDir, test.path)] ?? 0;
    return super.time(test) ?? seconds * 1_000;
  }
}
