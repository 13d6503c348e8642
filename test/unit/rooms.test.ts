import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { violationsOf } from '../support/rooms/check-rooms.ts';
import { findCycles } from '../support/rooms/find-cycles.ts';
import { importGraph, readSources } from '../support/rooms/read-imports.ts';
import { MAY_IMPORT } from '../support/rooms/rooms.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const graph = importGraph(readSources(ROOT, ['src', 'scripts', 'bench'], ['worker.ts', 'api.ts']));

const violations = violationsOf(graph);

describe('the rooms of the house', () => {
  it('import what the table says, in no cycle, and only src/process constructs', () => {
    expect(violations).toEqual([]);
  });

  it('are a table without a cycle, so that no arrow leads back', () => {
    expect(findCycles(new Map(Object.entries(MAY_IMPORT)))).toEqual([]);
  });
});

describe('the check of rooms', () => {
  const check = (files: Record<string, string>) => violationsOf(importGraph(new Map(Object.entries(files))));

  it.each([
    ['src/core/a.ts', 'src/store/b.ts', "import { b } from '../store/b.ts';", 'core does not import store'],
    [
      'src/api/a.ts',
      'src/process/b.ts',
      "import { b } from '../process/b.ts';",
      'api does not import process',
    ],
    ['src/api/a.ts', 'api.ts', "import '../../api.ts';", 'api does not import entry'],
    [
      'src/api/a.ts',
      'src/api/auth/b.ts',
      "import type { B } from './auth/b.ts';",
      'neither the kernel nor the platform imports auth',
    ],
    [
      'src/store/turn/a.ts',
      'src/store/auth/b.ts',
      "export { b } from '../auth/b.ts';",
      'neither the kernel nor the platform imports auth',
    ],
    [
      'src/api/auth/a.ts',
      'src/api/delegation/b.ts',
      "import { b } from '../delegation/b.ts';",
      'auth and delegation meet through ports, webhooks and notes',
    ],
    [
      'src/api/a.ts',
      'src/store/b.ts',
      "import {\n  type X,\n  createStore,\n} from '../store/b.ts';",
      'createStore is called in src/process only',
    ],
    [
      'src/workflows/a.ts',
      'src/contract/b.ts',
      "import { B } from '../contract/b.ts';",
      'only types of the contract: zod is not to run there',
    ],
    [
      'src/new/a.ts',
      'src/core/b.ts',
      "import { b } from '../core/b.ts';",
      'the importing file is in no room of the table',
    ],
    [
      'src/core/a.ts',
      'src/unknown/b.ts',
      "import { b } from '../unknown/b.ts';",
      'the imported file is in no room of the table',
    ],
    [
      'src/core/a.ts',
      'test/support/b.ts',
      "import { b } from '../../test/support/b.ts';",
      'is no part of the product',
    ],
  ])('names %s, which imports %s', (from, to, code, reason) => {
    expect(check({ [from]: code, [to]: '' })).toEqual([`${from} -> ${to}: ${reason}`]);
  });

  it.each([
    [
      "import { z } from 'zod';",
      'src/core/a.ts',
      'zod',
      'core imports picomatch/posix.js, @noble/hashes/utils.js only',
    ],
    [
      "import { chromium } from 'playwright-core';",
      'src/api/a.ts',
      'playwright-core',
      'is imported in browser only',
    ],
    [
      "const sdk = await import('@temporalio/client');",
      'src/api/a.ts',
      '@temporalio/client',
      'is imported in temporal, engine, upkeep, process only',
    ],
  ])('names a package that a room may not import: %s', (code, from, name, reason) => {
    expect(check({ [from]: code })).toEqual([`${from} -> ${name}: ${reason}`]);
  });

  it('names files that import each other, by types too, however long the way round', () => {
    const files = {
      'src/core/a.ts': "import type { B } from './b.ts';",
      'src/core/b.ts': "export type { C } from './c.ts';",
      'src/core/c.ts': "export type C = import('./a.ts').A;",
      'src/core/d.ts': "import { A } from './a.ts';",
    };
    expect(check(files)).toEqual(['src/core/a.ts -> src/core/b.ts -> src/core/c.ts: import each other']);
  });

  it('takes an import in a comment for none, and a file that is not there for a fault', () => {
    const code =
      "// import { b } from '../store/b.ts';\n/** import { b } from '../store/b.ts'; */\nimport './gone.ts';";
    expect(check({ 'src/core/a.ts': code })).toEqual(['src/core/a.ts -> src/core/gone.ts: is no file']);
  });

  it('lets a room import what the table says, and scripts import everything', () => {
    const files = {
      'src/core/a.ts': "import { type B, isB } from '../digest.ts';",
      'src/digest.ts': '',
      'src/api/auth/b.ts': "import { a } from '../turn/c.ts';\nimport type { S } from '../../store/s.ts';",
      'src/api/turn/c.ts': "import { useWebhook } from '../webhooks/d.ts';",
      'src/api/webhooks/d.ts': '',
      'src/store/s.ts': '',
      'scripts/e.ts':
        "import { createStore } from '../src/store/s.ts';\nimport { x } from '../test/support/x.ts';",
      'test/support/x.ts': '',
    };
    expect(check(files)).toEqual([]);
  });
});
