import { expect, it } from '@jest/globals';
import { AgentDefinition } from '../../../src/contract/index.ts';
import { digestOf } from '../../../src/digest.ts';
import { allPages, at, DIGEST, type OpenStore, OTHER_DIGEST, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function agentsAndTokensSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  const definition = (name: string, instructions = 'Help.') =>
    AgentDefinition.parse({ name, model: 'rehearsal/script', instructions });
  const token = (id: string, changes: object = {}) => ({
    id,
    name: `Token \u0000 ${id}`,
    scopes: ['turns:read' as const, 'admin' as const],
    secretHash: `hash-of-${id}`,
    createdAt: at(0),
    ...changes,
  });

  it('puts, replaces, lists and deletes agents', async () => {
    const put = await store().agents.put(definition('beta'), at(1));
    expect(put).toEqual({
      ...definition('beta'),
      digest: digestOf(definition('beta')),
      source: 'api',
      updatedAt: at(1),
    });
    const changed = await store().agents.put(definition('beta', 'Änderung \ud800'), at(2));
    expect(changed.digest).not.toBe(put.digest);
    expect(await store().agents.get('beta')).toEqual(changed);
    for (const name of ['alpha', 'Zeta', '_x', 'gamma']) await store().agents.put(definition(name), at(3));
    const { items, pages } = await allPages(2, (page) => store().agents.list(page));
    expect(items.map(({ name }) => name)).toEqual(['Zeta', '_x', 'alpha', 'beta', 'gamma']);
    expect(pages).toBe(3);
    expect(await store().agents.delete('beta', at(1))).toBe(true);
    expect(await store().agents.delete('beta', at(1))).toBe(false);
    expect(await store().agents.get('beta')).toBeUndefined();
  });

  it('takes over a definition file when it is new or has changed, and not again', async () => {
    const file = definition('filed');
    expect(await store().agents.importFile(file, DIGEST, at(1))).toBe(true);
    expect(await store().agents.get('filed')).toMatchObject({ source: 'file', updatedAt: at(1) });
    expect(await store().agents.importFile(file, DIGEST, at(2))).toBe(false);
    const changed = await store().agents.put(definition('filed', 'By the API.'), at(3));
    expect(await store().agents.importFile(file, DIGEST, at(4))).toBe(false);
    expect(await store().agents.get('filed')).toEqual(changed);
    await store().agents.delete('filed', at(4));
    expect(await store().agents.importFile(file, DIGEST, at(5), at(3))).toBe(false);
    expect(await store().agents.get('filed')).toBeUndefined();
    expect(await store().agents.importFile(file, OTHER_DIGEST, at(6))).toBe(true);
    expect(await store().agents.get('filed')).toMatchObject({ source: 'file', updatedAt: at(6) });
  });

  it('takes over a file that was put in place again after the agent was deleted', async () => {
    const { agents } = store();
    await agents.importFile(definition('back'), DIGEST, at(1));
    await agents.delete('back', at(2));
    expect(await agents.gone('back')).toEqual({ how: 'deleted', at: at(2) });
    expect(await agents.importFile(definition('back'), DIGEST, at(4), at(3))).toBe(true);
    expect(await agents.get('back')).toMatchObject({ source: 'file', updatedAt: at(4) });
    expect(await agents.gone('back')).toBeUndefined();
  });

  it('retires the agents of files that are gone, until they are back, and leaves those of the API', async () => {
    const { agents } = store();
    const names = ['gone', 'stays', 'taken', 'dropped'];
    for (const name of names) await agents.importFile(definition(name), DIGEST, at(1));
    await agents.put(definition('taken', 'By the API.'), at(2));
    await agents.delete('dropped', at(2));
    const others = (await agents.list({ limit: 200 })).items.map(({ name }) => name);
    const present = others.filter((name) => name !== 'gone' && name !== 'taken');

    expect(await agents.retireFiles(present, at(3))).toEqual(['gone']);
    expect(await agents.retireFiles(present, at(4))).toEqual([]);
    expect(await agents.get('gone')).toBeUndefined();
    expect(await agents.gone('gone')).toEqual({ how: 'retired', at: at(3) });
    expect(await agents.get('stays')).toBeDefined();
    expect(await agents.get('taken')).toMatchObject({ source: 'api' });

    expect(await agents.importFile(definition('gone'), DIGEST, at(5), at(0))).toBe(true);
    expect(await agents.importFile(definition('dropped'), DIGEST, at(5), at(0))).toBe(true);
    expect(await agents.importFile(definition('taken'), DIGEST, at(5), at(4))).toBe(false);
    expect(await agents.gone('gone')).toBeUndefined();
  });

  it('takes a file over once when two processes start', async () => {
    const taken = await Promise.all(
      range(8).map((n) => (n % 2 ? store() : other()).agents.importFile(definition('both'), DIGEST, at(1))),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('keeps snapshots by digest', async () => {
    const value = { tools: ['a'], odd: '\ud800\u0000', nested: [null, { n: 1 }] };
    await store().snapshots.put('sha256:s', value);
    await store().snapshots.put('sha256:s', { other: true });
    expect(await store().snapshots.get('sha256:s')).toEqual(value);
    expect(await store().snapshots.get('sha256:none')).toBeUndefined();
  });

  it('finds tokens by hash and by id, also expired ones, but no deleted one', async () => {
    const made = await store().tokens.create(token('one', { expiresAt: at(1) }));
    expect(made).toEqual({
      id: 'one',
      name: 'Token \u0000 one',
      scopes: ['turns:read', 'admin'],
      createdAt: at(0),
      expiresAt: at(1),
    });
    expect(await store().tokens.findByHash('hash-of-one')).toEqual(made);
    expect(await store().tokens.get('one')).toEqual(made);
    await store().tokens.touch('one', at(9));
    expect(await store().tokens.findByHash('hash-of-one')).toEqual({ ...made, lastUsedAt: at(9) });
    expect(await store().tokens.findByHash('hash-of-two')).toBeUndefined();
    expect(await store().tokens.delete('one', at(9))).toBe(true);
    expect(await store().tokens.delete('one', at(9))).toBe(false);
    expect(await store().tokens.findByHash('hash-of-one')).toBeUndefined();
    expect(await store().tokens.get('one')).toBeUndefined();
  });

  it('lists tokens in the order of their making', async () => {
    for (const n of range(5)) await store().tokens.create(token(`l-${n}`, { createdAt: at(50 - n) }));
    const { items } = await allPages(2, (page) => store().tokens.list(page));
    expect(items.map(({ id }) => id)).toEqual(['l-4', 'l-3', 'l-2', 'l-1', 'l-0']);
    expect(JSON.stringify(items)).not.toContain('hash-of');
  });

  const fileToken = (id: string, folder: string, alone = false) => ({
    id: `admin_${id}`,
    secretHash: `hash-of-admin_${id}`,
    folder,
    alone,
    at: at(20),
  });
  const isIn = async (id: string) =>
    (await other().tokens.findByHash(`hash-of-admin_${id}`))?.scopes.includes('admin') ?? false;

  it('lets in the token that a folder has now, and no other of that folder ever again', async () => {
    const { claimFileToken, create } = store().tokens;
    await create(token('no-file-token'));
    for (const claimed of [fileToken('a1', 'a'), fileToken('b1', 'b'), fileToken('a1', 'a')])
      expect(await claimFileToken(claimed)).toBe(true);
    expect(await claimFileToken(fileToken('a2', 'a'))).toBe(true);
    expect([await isIn('a1'), await isIn('a2'), await isIn('b1')]).toEqual([false, true, true]);
    expect(await claimFileToken(fileToken('a1', 'a'))).toBe(false);
    expect([await isIn('a1'), await isIn('a2')]).toEqual([false, true]);
    expect(await store().tokens.findByHash('hash-of-no-file-token')).toBeDefined();
  });

  it('does not let a deleted token of a file in again', async () => {
    await store().tokens.claimFileToken(fileToken('d1', 'd'));
    expect(await store().tokens.delete('admin_d1', at(21))).toBe(true);
    expect(await store().tokens.claimFileToken(fileToken('d1', 'd'))).toBe(false);
    expect(await isIn('d1')).toBe(false);
  });

  it('ends tokens of files that nobody wrote down, where the store is of one folder alone', async () => {
    await store().tokens.create(token('admin_old', { secretHash: 'hash-of-admin_old' }));
    await store().tokens.claimFileToken(fileToken('e1', 'e'));
    expect(await isIn('old')).toBe(true);
    await store().tokens.claimFileToken(fileToken('e1', 'e', true));
    expect([await isIn('old'), await isIn('e1')]).toEqual([false, true]);
    expect(await store().tokens.claimFileToken(fileToken('old', 'e', true))).toBe(false);
  });
}
