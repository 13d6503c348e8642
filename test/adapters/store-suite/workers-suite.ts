import { expect, it } from '@jest/globals';
import { at, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function workersSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('counts the workers that said lately that they poll, and forgets one that left', async () => {
    expect(await store().workers.seenSince(at(0))).toBe(0);
    await store().workers.beat('one', at(1));
    await store().workers.beat('two', at(1));
    await store().workers.beat('one', at(5));
    expect(await other().workers.seenSince(at(1))).toBe(2);
    expect(await other().workers.seenSince(at(2))).toBe(1);
    await store().workers.leave('one', at(6));
    await store().workers.leave('one', at(6));
    expect(await other().workers.seenSince(at(0))).toBe(1);
  });

  it('knows when a worker was last there, also after it has left', async () => {
    await store().workers.beat('three', at(1));
    await store().workers.leave('three', at(7));
    expect(await other().workers.lastSeen('three')).toBe(at(7));
    expect(await other().workers.lastSeen('nobody')).toBeUndefined();
    await store().workers.beat('three', at(8));
    expect(await other().workers.seenSince(at(8))).toBe(1);
  });

  it('tells what workers say of themselves, and counts none that drains', async () => {
    const about = {
      buildId: 'b1',
      startedAt: at(0),
      capabilities: ['tool:pay', 'model:openai'],
      draining: false,
    };
    await store().workers.beat('new', at(11), about);
    await store().workers.beat('old', at(11));
    expect(await other().workers.list(at(11))).toEqual(
      expect.arrayContaining([
        { id: 'new', seenAt: at(11), ...about },
        { id: 'old', seenAt: at(11), draining: false },
      ]),
    );
    await store().workers.beat('new', at(12), { ...about, draining: true });
    expect(await other().workers.seenSince(at(11))).toBe(1);
    expect(await other().workers.list(at(12))).toMatchObject([{ id: 'new', draining: true }]);
  });
}
