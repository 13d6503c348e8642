import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SHOWN_ELSEWHERE } from '../crash/shown-elsewhere.ts';
import { MADE, nameOf, VISITS } from '../support/auth-matrix.ts';
import { LEFT_TO_FULL } from '../support/left-to-full.ts';

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

  const alike = VISITS.flatMap((visit) => (visit.like ? [{ name: nameOf(visit), like: visit.like }] : []));

  it.each(alike)('$name: $like, which is as this one, is gone through in every run', ({ like }) => {
    const stands = VISITS.find((visit) => nameOf(visit) === like);
    expect(stands?.elsewhere !== undefined || MADE.some((visit) => nameOf(visit) === like)).toBe(true);
  });
});

describe('what is left to `npm run test:full`', () => {
  const manual = readFileSync('docs/testing.md', 'utf8');
  const config = readFileSync('jest.config.js', 'utf8');
  const named = new Set(LEFT_TO_FULL.map(({ file }) => file));

  it.each(LEFT_TO_FULL)('$what: something stands for it in every run', ({ instead: { file, test } }) => {
    expect(readFileSync(file, 'utf8')).toContain(test);
  });

  it('is told in docs/testing.md, with what stands for it', () => {
    const untold = LEFT_TO_FULL.flatMap(({ file, instead }) => [file, instead.file]).filter(
      (file) => !manual.includes(file.replace('.test.ts', '')),
    );
    expect(untold).toEqual([]);
  });

  it('is collected there: no file has such cases that the project leaves out or nobody tells of', () => {
    const sizing = globSync('test/{adapters,api,replay,workflow,e2e,crash}/**/*.ts').filter((file) =>
      readFileSync(file, 'utf8').includes('support/full-size.ts'),
    );
    const collected = sizing.filter((file) => file.endsWith('.test.ts'));
    expect(collected.filter((file) => !named.has(file))).toEqual([]);
    const uncollected = [...named].filter(
      (file) => !file.startsWith('test/full/') && !config.includes(`'${file}'`),
    );
    expect(uncollected).toEqual([]);
  });
});
