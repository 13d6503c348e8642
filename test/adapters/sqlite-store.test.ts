import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createStore } from '../../src/store/create-store.ts';
import { storeSuite } from './store-suite/store-suite.ts';

describe('the SQLite store', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longturn-store-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  storeSuite(async () => {
    files += 1;
    const file = join(folder, `store-${files}.db`);
    const again = () => createStore({ kind: 'sqlite', file });
    return { store: await again(), again };
  });
});
