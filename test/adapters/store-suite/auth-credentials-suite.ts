import { expect, it } from '@jest/globals';
import { credential, ODD } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authCredentialsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const credentials = () => store().auth.credentials;

  it('keeps a credential and finds it by id and by name', async () => {
    const one = credential('one', {
      name: 'Ada @ work',
      sso_provider: ODD,
      value_keys: [ODD, 'password'],
      has_totp_secret: true,
    });
    expect(await credentials().create(one)).toEqual({ created: true, credential: one });
    expect(await credentials().find('one')).toEqual(one);
    expect(await credentials().find('Ada @ work')).toEqual(one);
    expect(await credentials().find('nul \u0000')).toBeUndefined();
    const taken = credential('two', { name: 'Ada @ work' });
    expect(await credentials().create(taken)).toEqual({ created: false, credential: one });
    expect(await credentials().delete('one')).toBe(true);
    expect(await credentials().delete('one')).toBe(false);
    expect(await credentials().find('one')).toBeUndefined();
  });

  it('replaces a credential that is still as it was read', async () => {
    const before = credential('replace');
    await credentials().create(before);
    const after = { ...before, name: 'new name', sealed: 'other', has_values: false, updated_at: at(5) };
    expect(await credentials().replace(after, at(1))).toBe(false);
    expect(await credentials().replace(after, at(0))).toBe(true);
    expect(await credentials().replace(after, at(0))).toBe(false);
    expect(await credentials().find('new name')).toEqual(after);
    await credentials().create(credential('taker', { name: 'taken' }));
    expect(await credentials().replace({ ...after, name: 'taken' }, at(5))).toBe(false);
    expect(await credentials().replace(credential('nobody'), at(0))).toBe(false);
    expect(await credentials().find('replace')).toEqual(after);
  });

  it('loses no change when many replace within one millisecond', async () => {
    await credentials().create(credential('race', { value_keys: [] }));
    const add = async (n: number) => {
      const { credentials } = (n % 2 ? store() : other()).auth;
      for (;;) {
        const before = (await credentials.find('race'))!;
        const after = { ...before, value_keys: [...before.value_keys, `k-${n}`], updated_at: at(0) };
        if (await credentials.replace(after, before.updated_at)) return;
      }
    };
    await Promise.all(range(12).map(add));
    expect((await credentials().find('race'))!.value_keys.sort()).toEqual(
      range(12)
        .map((n) => `k-${n}`)
        .sort(),
    );
  });

  it('gives a name to one credential when many ask at once', async () => {
    const made = await Promise.all(
      range(16).map((n) =>
        (n % 2 ? store() : other()).auth.credentials.create(credential(`n-${n}`, { name: 'one name' })),
      ),
    );
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(made.map((answer) => answer.credential.id)).size).toBe(1);
  });

  it('counts a TOTP step as used once, whoever asks', async () => {
    const use = (credentialId: string, step: number, n = 0) =>
      (n % 2 ? store() : other()).auth.credentials.useTotp(credentialId, step, at(1));
    const answers = await Promise.all(range(20).map((n) => use('provider/item', 58_000_000, n)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect([await use('provider/item', 58_000_001), await use('another', 58_000_000)]).toEqual([true, true]);
    expect(await use('another', 58_000_000)).toBe(false);
  });

  it('lists newest first, by domain, or by a part of a name', async () => {
    for (const n of range(4)) {
      const listed = { name: `List ${n}_x`, domain: `d${n % 2}.list`, created_at: at(100 + n) };
      await credentials().create(credential(`l-${n}`, listed));
    }
    const ids = async (query: object) =>
      (await credentials().list({ limit: 50, offset: 0, ...query })).items.map(({ id }) => id);
    expect(await ids({ query: 'list' })).toEqual(['l-3', 'l-2', 'l-1', 'l-0']);
    expect(await ids({ domain: 'd1.list' })).toEqual(['l-3', 'l-1']);
    expect(await ids({ query: '2_X' })).toEqual(['l-2']);
    const page = await credentials().list({ query: 'list', limit: 2, offset: 1 });
    expect(page.items.map(({ id }) => id)).toEqual(['l-2', 'l-1']);
    expect(page.hasMore).toBe(true);
  });
}
