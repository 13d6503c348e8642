import { expect, it } from '@jest/globals';
import { admitted, at, DIGESTS, MODEL_WAIT, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function modelSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('notes what a running turn waits for, and that it waits no longer', async () => {
    await admitted(store(), 't');
    await store().turns.waitForModel('t', MODEL_WAIT);
    expect((await other().turns.get('t'))?.modelWait).toBeUndefined();
    await store().turns.begin('t', DIGESTS, at(1));
    await store().turns.waitForModel('t', MODEL_WAIT);
    expect((await other().turns.get('t'))?.modelWait).toEqual(MODEL_WAIT);
    await store().turns.waitForModel('t', undefined);
    expect((await other().turns.get('t'))?.modelWait).toBeUndefined();
  });

  it('lets one of those who write a scope of models at once succeed', async () => {
    expect(await store().modelCapacity.read('openai')).toBeUndefined();
    expect(await store().modelCapacity.write('openai', { n: 1 }, 0)).toBe(true);
    expect(await other().modelCapacity.write('openai', { n: 2 }, 0)).toBe(false);
    expect(await other().modelCapacity.read('openai')).toEqual({ state: { n: 1 }, revision: 1 });
    const both = [store(), other()].map((each, n) => each.modelCapacity.write('openai', { n }, 1));
    expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
    expect((await store().modelCapacity.read('openai'))?.revision).toBe(2);
    await store().modelCapacity.write('anthropic/claude', {}, 0);
    expect(await other().modelCapacity.scopes()).toEqual(['anthropic/claude', 'openai']);
  });
}
