import { expect, it } from '@jest/globals';
import { newConnection } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authProfilesSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const profiles = () => store().auth.profiles;

  it('makes a profile on first use and finds it by id and by name', async () => {
    const made = await profiles().ensure({ id: 'p-1', name: 'ada', at: at(1) });
    expect(made).toEqual({ id: 'p-1', name: 'ada', created_at: at(1), updated_at: at(1), version: 0 });
    expect(await profiles().ensure({ id: 'p-2', name: 'ada', at: at(2) })).toEqual(made);
    expect(await profiles().find('p-1')).toEqual(made);
    expect(await profiles().find('ada')).toEqual(made);
    expect(await profiles().find('p-2')).toBeUndefined();
    expect(await profiles().find('nul \u0000 \ud800')).toBeUndefined();
    await profiles().touch('p-1', at(3));
    expect(await profiles().find('ada')).toEqual({ ...made, last_used_at: at(3) });
  });

  it('prefers an id to a name', async () => {
    await profiles().create({ id: 'p-a', name: 'p-b', at: at(1) });
    await profiles().create({ id: 'p-b', name: 'p-c', at: at(1) });
    expect(await profiles().find('p-b')).toMatchObject({ id: 'p-b' });
  });

  it('gives a name to one profile only', async () => {
    expect(await profiles().create({ id: 'u-1', name: 'unique', at: at(1) })).toMatchObject({ id: 'u-1' });
    expect(await profiles().create({ id: 'u-2', name: 'unique', at: at(1) })).toBeUndefined();
    await profiles().create({ id: 'u-2', name: 'second', at: at(1) });
    expect(await profiles().rename('u-2', 'unique', at(2))).toBe(false);
    expect(await profiles().rename('u-2', 'renamed', at(2))).toMatchObject({
      name: 'renamed',
      updated_at: at(2),
    });
    expect(await profiles().rename('u-2', 'renamed', at(3))).toMatchObject({ name: 'renamed' });
    expect(await profiles().rename('nobody', 'free', at(2))).toBeUndefined();
  });

  it('makes one profile when many ask for the name at once', async () => {
    const made = await Promise.all(
      range(20).map((n) =>
        (n % 2 ? store() : other()).auth.profiles.ensure({ id: `race-${n}`, name: 'race', at: at(n) }),
      ),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const created = await Promise.all(
      range(20).map((n) =>
        (n % 2 ? store() : other()).auth.profiles.create({ id: `made-${n}`, name: 'made', at: at(n) }),
      ),
    );
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('replaces the state where its version is still the one that was read', async () => {
    await profiles().create({ id: 's-1', name: 'state', at: at(1) });
    expect(await profiles().state('s-1')).toBeUndefined();
    const save = (version: number, state: string) =>
      profiles().saveState({ id: 's-1', version, state, at: at(5) });
    expect(await save(1, 'early')).toBe(false);
    expect(await save(0, 'first')).toBe(true);
    expect(await save(0, 'late')).toBe(false);
    expect(await profiles().state('s-1')).toEqual({ state: 'first', version: 1 });
    const large = 'x'.repeat(2_000_000);
    expect(await save(1, large)).toBe(true);
    expect(await profiles().state('s-1')).toEqual({ state: large, version: 2 });
    expect(await profiles().find('s-1')).toMatchObject({ version: 2, updated_at: at(5) });
    await expect(
      profiles().saveState({ id: 'nobody', version: 0, state: 'x', at: at(5) }),
    ).rejects.toMatchObject({ name: 'StoreError', fault: 'conflict' });
  });

  it('loses no save when many merge into one state at once', async () => {
    await profiles().create({ id: 'm-1', name: 'merge', at: at(1) });
    const merge = async (n: number) => {
      const { profiles } = (n % 2 ? store() : other()).auth;
      for (;;) {
        const { state, version } = (await profiles.state('m-1')) ?? { state: '', version: 0 };
        const merged = `${state} ${n}`;
        if (await profiles.saveState({ id: 'm-1', version, state: merged, at: at(n) })) return;
      }
    };
    await Promise.all(range(16).map(merge));
    const { state, version } = (await profiles().state('m-1'))!;
    expect(version).toBe(16);
    expect(
      state
        .trim()
        .split(' ')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(range(16));
  });

  it('deletes a profile with its state, but none that a connection has', async () => {
    const { profileId, id } = await newConnection(store(), 'user');
    expect(await profiles().delete(profileId)).toBe('in_use');
    await profiles().saveState({ id: profileId, version: 0, state: 'kept', at: at(1) });
    await store().auth.connections.delete(id);
    expect(await profiles().state(profileId)).toEqual({ state: 'kept', version: 1 });
    expect(await profiles().delete(profileId)).toBe('deleted');
    expect(await profiles().delete(profileId)).toBe('missing');
    expect(await profiles().state(profileId)).toBeUndefined();
  });

  it('never leaves a connection without its profile when both are asked for at once', async () => {
    for (const n of range(10)) {
      const { id } = await profiles().ensure({ id: `gone-${n}`, name: `gone-${n}`, at: at(1) });
      const [connection] = await Promise.all([
        newConnection(other(), `c-${n}`, { profile: `gone-${n}` }),
        profiles().delete(id),
      ]);
      expect(await profiles().find(connection.profileId)).toMatchObject({ name: `gone-${n}` });
    }
  });

  it('lists newest first, by name or by a part of it, page by page', async () => {
    for (const n of range(5)) {
      await profiles().create({ id: `l-${n}`, name: `List_${n}%`, at: at(100 + (n % 2)) });
    }
    const names = async (query: object) =>
      (await profiles().list({ limit: 50, offset: 0, ...query })).items.map(({ id }) => id);
    expect(await names({ query: 'list' })).toEqual(['l-3', 'l-1', 'l-4', 'l-2', 'l-0']);
    expect(await names({ query: 'T_3%' })).toEqual(['l-3']);
    expect(await names({ query: 'L%t' })).toEqual([]);
    expect(await names({ query: '\\' })).toEqual([]);
    expect(await names({ name: 'List_2%' })).toEqual(['l-2']);
    expect(await names({ name: 'list_2%' })).toEqual([]);
    const page = await profiles().list({ query: 'list', limit: 2, offset: 2 });
    expect(page.items.map(({ id }) => id)).toEqual(['l-4', 'l-2']);
    expect(page.hasMore).toBe(true);
    expect((await profiles().list({ query: 'list', limit: 2, offset: 3 })).hasMore).toBe(false);
    expect(await profiles().list({ query: 'list', limit: 2, offset: 9 })).toEqual({
      items: [],
      hasMore: false,
    });
  });
}
