import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { AggregatedResult } from '@jest/test-result';

const SHOWN = 10;
const RECORDED_FROM_SECONDS = 5;
const FILE = 'test/durations.json';

/**
 * Says at the end of a run which files took longest. With LONGTURN_TEST_DURATIONS=write it also notes the seconds of the
 * files that ran, for the order of the next fresh clone.
 */
// biome-ignore lint/style/noDefaultExport: jest takes the default export of a reporter.
export default class SlowestFiles {
  onRunComplete(_contexts: unknown, { testResults }: AggregatedResult): void {
    const files = testResults
      .map(({ testFilePath, perfStats }) => ({
        path: relative(process.cwd(), testFilePath),
        seconds: Math.round(perfStats.runtime / 1_000),
      }))
      .toSorted((a, b) => b.seconds - a.seconds);
    if (files.length > 1) {
      const lines = files
        .slice(0, SHOWN)
        .map(({ path, seconds }) => `${String(seconds).padStart(6)} s  ${path}`);
      process.stderr.write(`\nSlowest files:\n${lines.join('\n')}\n`);
    }
    if (process.env['LONGTURN_TEST_DURATIONS'] === 'write') record(files);
  }
}

function record(files: { path: string; seconds: number }[]): void {
  const before = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
  const all = { ...before, ...Object.fromEntries(files.map(({ path, seconds }) => [path, seconds])) };
  const kept = Object.entries(all).filter(([, seconds]) => seconds >= RECORDED_FROM_SECONDS);
  const text = JSON.stringify(Object.fromEntries(kept.toSorted(([, a], [, b]) => b - a)), null, 2);
  writeFileSync(FILE, `${text}\n`);
}
