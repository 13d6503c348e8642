import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface LockedPackage {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const file = path.resolve(__dirname, '../../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> };

describe('the lock file', () => {
  test('has every platform’s optional packages, so that an installation elsewhere does not change it', () => {
    const names = new Set(Object.keys(packages).map((key) => key.split('node_modules/').at(-1)));
    const missing = Object.entries(packages).flatMap(([key, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${key}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('names no download addresses', () => {
    const addressed = Object.entries(packages).filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''));
    expect(addressed.map(([key]) => key)).toEqual([]);
  });
});
