import { expect, it } from '@jest/globals';
import { newConnection } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authHandoffsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const handoffs = () => store().auth.handoffs;

  const created = async (id: string) => {
    await newConnection(store(), `conn-${id}`);
    const handoff = {
      codeHash: id,
      connectionId: `conn-${id}`,
      flowId: `flow-${id}`,
      expiresAt: at(600),
    };
    await handoffs().create(handoff);
    return handoff;
  };

  it('keeps where its person goes afterwards', async () => {
    const returnTo = { url: 'https://app.example/done', state: 'a\u0000ä' };
    const handoff = { ...(await created('h-2')), codeHash: 'h-3', returnTo };
    await handoffs().create(handoff);
    expect(await other().auth.handoffs.get('h-3')).toEqual(handoff);
    expect((await handoffs().exchange('h-3', at(5)))?.handoff.returnTo).toEqual(returnTo);
  });

  it('exchanges a code once and keeps the first instants', async () => {
    const handoff = await created('h-1');
    expect(await handoffs().get('h-1')).toEqual(handoff);
    const exchanged = { ...handoff, exchangedAt: at(5) };
    expect(await handoffs().exchange('h-1', at(5))).toEqual({ first: true, handoff: exchanged });
    expect(await handoffs().exchange('h-1', at(6))).toEqual({ first: false, handoff: exchanged });
    await handoffs().used('h-1', at(7));
    await handoffs().used('h-1', at(8));
    expect(await other().auth.handoffs.get('h-1')).toEqual({ ...exchanged, usedAt: at(7) });
    expect(await handoffs().exchange('nobody', at(5))).toBeUndefined();
    expect(await handoffs().get('nobody')).toBeUndefined();
  });

  it('is first for one when many exchange at once, and all see one instant', async () => {
    await created('race');
    const answers = await Promise.all(
      range(20).map((n) => (n % 2 ? store() : other()).auth.handoffs.exchange('race', at(n + 1))),
    );
    const first = answers.filter((answer) => answer?.first);
    expect(first).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer?.handoff.exchangedAt))).toEqual(
      new Set([first[0]?.handoff.exchangedAt]),
    );
  });

  it('refuses a hand-off of a connection that is not there', async () => {
    const handoff = { codeHash: 'h', connectionId: 'nobody', flowId: 'f', expiresAt: at(1) };
    await expect(handoffs().create(handoff)).rejects.toMatchObject({ fault: 'conflict' });
  });
}
