import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SHOWN_ELSEWHERE } from '../crash/shown-elsewhere.ts';
import { VISITS } from '../support/auth-matrix.ts';

const page = readFileSync('docs/durability.md', 'utf8');

describe('what the crash table says that other suites show', () => {
  it.each(SHOWN_ELSEWHERE)('$what: there is such a test', ({ file, test }) => {
    expect(readFileSync(file, 'utf8')).toContain(test);
  });

  it.each([...new Set(SHOWN_ELSEWHERE.map(({ file }) => file))])(
    '%s is named in docs/durability.md',
    (file) => {
      expect(page).toContain(`../${file}`);
    },
  );
});

describe('what the visits of the fake site leave to other files', () => {
  const left = VISITS.flatMap(({ scenario, elsewhere }) => (elsewhere ? [{ scenario, elsewhere }] : []));

  it.each(left)('$scenario: $elsewhere goes through it', ({ scenario, elsewhere }) => {
    expect(readFileSync(`test/e2e/${elsewhere}.test.ts`, 'utf8')).toContain(`'${scenario}'`);
  });
});
