import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

// Histories of a file cannot be replayed where Temporal's packages each have a copy of it for themselves.
it('Temporal’s packages share one protobufjs 8, at the top', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const copies = Object.keys(packages).filter((path) => path.endsWith('node_modules/protobufjs'));
  expect(copies.filter((path) => packages[path].version.startsWith('8.'))).toEqual([
    'node_modules/protobufjs',
  ]);
});
