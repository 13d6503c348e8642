import { expect, it } from '@jest/globals';
import { ended, newFlow, newWebhook } from './auth-fixtures.ts';
import { at, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

const DAY_S = 86_400;

export function authSweepSuite(open: OpenStore): void {
  const { store } = useStore(open);

  it('deletes secrets and parked pages that expired, and no others', async () => {
    await newFlow(store(), 'old');
    await newFlow(store(), 'new');
    const { secrets } = store().auth;
    const secret = { interactionId: 'i', sealed: 'x' };
    await secrets.put([
      { ...secret, id: 's-old', flowId: 'old', expiresAt: at(100) },
      { ...secret, id: 's-new', flowId: 'old', expiresAt: at(101) },
    ]);
    await secrets.putParked({ flowId: 'old', sealed: 'page', expiresAt: at(100) });
    await secrets.putParked({ flowId: 'new', sealed: 'page', expiresAt: at(101) });
    await store().sweep(at(100));
    const left = await secrets.get('old', ['s-old', 's-new'], at(0));
    expect(left.map(({ id }) => id)).toEqual(['s-new']);
    expect(await secrets.getParked('old')).toBeUndefined();
    expect(await secrets.getParked('new')).toBe('page');
  });

  it('deletes hand-offs a day after their expiry', async () => {
    await newFlow(store(), 'handed');
    const { handoffs } = store().auth;
    const handoff = { codeHash: 'h', connectionId: 'conn-handed', flowId: 'handed', expiresAt: at(10) };
    await handoffs.create(handoff);
    await store().sweep(at(DAY_S + 10));
    expect(await handoffs.get('h')).toEqual(handoff);
    await store().sweep(at(DAY_S + 11));
    expect(await handoffs.get('h')).toBeUndefined();
  });

  it('deletes uses of TOTP steps and accepted submits a day after them', async () => {
    const { credentials, flows } = store().auth;
    await newFlow(store(), 'day');
    await credentials.useTotp('c', 1, at(10));
    await flows.noteSubmit({ flowId: 'day', bodyHash: 'h', interactionId: 'i', at: at(10) });
    await store().sweep(at(DAY_S + 10));
    expect(await credentials.useTotp('c', 1, at(20))).toBe(false);
    expect(await flows.submitSince('day', 'h', at(0))).toBe('i');
    await store().sweep(at(DAY_S + 11));
    expect(await credentials.useTotp('c', 1, at(20))).toBe(true);
    expect(await flows.submitSince('day', 'h', at(0))).toBeUndefined();
  });

  it('deletes deliveries 30 days after their end, and none that is pending', async () => {
    await newWebhook(store(), 'hook');
    const { webhooks, auth } = store();
    const { flows } = auth;
    await newFlow(store(), 'one');
    await newFlow(store(), 'two');
    const put = async (id: string) =>
      (await flows.put({ connectionId: `conn-${id}`, view: ended(id, 2), at: at(1) }))!.deliveries[0]!;
    const [done, pending] = [await put('one'), await put('two')];
    await webhooks.noteAttempt({ id: done, state: 'delivered', at: at(10) });
    await store().sweep(at(30 * DAY_S + 10));
    expect(await webhooks.delivery(done)).toMatchObject({ state: 'delivered' });
    await store().sweep(at(90 * DAY_S));
    expect(await webhooks.delivery(done)).toBeUndefined();
    expect(await webhooks.delivery(pending)).toMatchObject({ state: 'pending' });
  });

  it('forgets after 7 days which changes were applied', async () => {
    await newFlow(store(), 'week');
    const change = (canReauth: boolean) =>
      store().auth.connections.change({
        id: 'conn-week',
        changeId: 'c',
        set: { canReauth },
        at: at(100 * DAY_S),
      });
    await change(true);
    await store().sweep(at(107 * DAY_S));
    expect(await change(false)).toMatchObject({ connection: { canReauth: true } });
    await store().sweep(at(107 * DAY_S + 1));
    expect(await change(false)).toMatchObject({ connection: { canReauth: false } });
  });
}
