import { expect, it } from '@jest/globals';
import type { Grant } from '../../../src/contract/index.ts';
import { allPages, at, DIGEST, grant, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function grantsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('writes a grant once and keeps an absent matcher apart from an empty one', async () => {
    const kinds: Grant[] = [
      grant('any', { sessionId: 'kinds' }),
      grant('empty', { sessionId: 'kinds', matcher: { kind: 'glob', args: {} }, grantedAt: at(2) }),
      grant('exact', {
        sessionId: 'kinds',
        matcher: { kind: 'exact', inputDigest: DIGEST },
        expiresAt: at(100),
        maxUses: 3,
        grantedAt: at(3),
      }),
    ];
    for (const one of kinds) await store().grants.put(one);
    await store().grants.put({ ...kinds[0]!, tool: 'other' });
    expect((await store().grants.list('kinds', { limit: 50 })).items).toEqual(kinds);
    expect(await store().grants.get('exact')).toEqual(kinds[2]);
    expect(await store().grants.get('nobody')).toBeUndefined();
  });

  it('finds those in force: not revoked, expired, used up, or bound to another turn', async () => {
    const of = (id: string, changes: Partial<Grant> = {}) =>
      store().grants.put(grant(id, { sessionId: 'force', turnId: 't1', ...changes }));
    await of('a-plain');
    await of('b-turn', { scope: 'turn' });
    await of('c-other-turn', { scope: 'turn', turnId: 't2' });
    await of('d-expired', { expiresAt: '2026-01-01T00:00:50Z' });
    await of('e-used-up', { maxUses: 1 });
    await of('f-revoked');
    await of('g-elsewhere', { sessionId: 'elsewhere' });
    await store().grants.use('e-used-up', 'call', at(5));
    await store().grants.revoke('force', 'f-revoked', at(5));
    const inForce = async (turnId: string, seconds: number) =>
      (await store().grants.inForce('force', turnId, at(seconds))).map(({ id }) => id);
    expect(await inForce('t1', 49.9)).toEqual(['a-plain', 'b-turn', 'd-expired']);
    expect(await inForce('t1', 50)).toEqual(['a-plain', 'b-turn']);
    expect(await inForce('t2', 60)).toEqual(['a-plain', 'c-other-turn']);
  });

  it('revokes in its session only, and keeps the first instant', async () => {
    await store().grants.put(grant('revoke', { sessionId: 'revoking' }));
    expect(await store().grants.revoke('elsewhere', 'revoke', at(4))).toBeUndefined();
    expect(await store().grants.revoke('revoking', 'revoke', at(5))).toMatchObject({ revokedAt: at(5) });
    expect(await store().grants.revoke('revoking', 'revoke', at(6))).toMatchObject({ revokedAt: at(5) });
  });

  it('counts one use for each call and answers a repeat as it did', async () => {
    await store().grants.put(grant('uses', { maxUses: 2 }));
    const use = (callId: string, seconds = 2) => store().grants.use('uses', callId, at(seconds));
    expect([await use('c1'), await use('c1'), await use('c2'), await use('c3')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    await store().grants.revoke('s-grants', 'uses', at(3));
    expect([await use('c1', 9), await use('c3', 9)]).toEqual([true, false]);
    expect(await store().grants.get('uses')).toMatchObject({ uses: 2 });
  });

  it('counts uses only where they are bounded, and refuses revoked, expired and unknown grants', async () => {
    await store().grants.put(grant('free'));
    expect(await store().grants.use('free', 'c1', at(2))).toBe(true);
    expect(await store().grants.get('free')).toMatchObject({ uses: 0 });
    await store().grants.revoke('s-grants', 'free', at(3));
    expect(await store().grants.use('free', 'c2', at(4))).toBe(false);
    await store().grants.put(grant('short', { expiresAt: at(10) }));
    expect(await store().grants.use('short', 'c1', at(10))).toBe(false);
    expect(await store().grants.use('nobody', 'c1', at(1))).toBe(false);
  });

  it('never gives more uses than it has when many calls ask at once', async () => {
    await store().grants.put(grant('race', { maxUses: 5 }));
    const answers = await Promise.all(
      range(40).map((n) => (n % 2 ? store() : other()).grants.use('race', `call-${n % 20}`, at(2))),
    );
    expect(await store().grants.get('race')).toMatchObject({ uses: 5 });
    const allowed = new Set(answers.flatMap((yes, n) => (yes ? [n % 20] : [])));
    expect(allowed.size).toBe(5);
  });

  it('pages through a session oldest first', async () => {
    for (const n of range(7))
      await store().grants.put(grant(`page-${n}`, { sessionId: 'paged', grantedAt: at(n % 3) }));
    const { items, pages } = await allPages(2, (page) => store().grants.list('paged', page));
    expect(items.map(({ id }) => id)).toEqual([0, 3, 6, 1, 4, 2, 5].map((n) => `page-${n}`));
    expect(pages).toBe(4);
  });
}
