import { afterAll, beforeAll } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';
import type { OpenStore } from './fixtures.ts';

/** One fresh database for the tests of a `describe`: its store, and a second store on it, as of another process. */
export function useStore(open: OpenStore): { store: () => Store; other: () => Store } {
  const stores: Store[] = [];
  beforeAll(async () => {
    const { store, again } = await open();
    stores.push(store, await again());
  });
  afterAll(async () => {
    for (const store of stores) await store[Symbol.asyncDispose]();
  });
  const nth = (index: number) => {
    const store = stores[index];
    if (!store) throw new Error('The store is not open yet.');
    return store;
  };
  return { store: () => nth(0), other: () => nth(1) };
}
