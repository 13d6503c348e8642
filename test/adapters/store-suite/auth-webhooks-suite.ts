import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { webhookPayload } from '../../../src/contract/index.ts';
import { enqueue } from '../../../src/store/webhooks/enqueue.ts';
import { ended, newConnection, newWebhook, ODD } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authWebhooksSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const webhooks = () => store().webhooks;
  let flows = 0;
  /** A delivery to the one webhook that there is, queued at the instant. */
  const queued = async (seconds: number): Promise<string> => {
    flows += 1;
    await newConnection(store(), `conn-${flows}`);
    const view = ended(`flow-${flows}`, 1);
    const put = await store().auth.flows.put({ connectionId: `conn-${flows}`, view, at: at(seconds) });
    return put!.deliveries[0]!;
  };

  it('keeps webhooks, lists them in the order of their making, and deletes them', async () => {
    const webhook = {
      id: 'w-2',
      url: `https://hooks.example/${ODD}`,
      events: ['auth.flow.failed' as const],
      createdAt: at(2),
      sealedSecret: 'sealed',
    };
    await webhooks().create(webhook);
    await newWebhook(store(), 'w-1');
    expect(await webhooks().get('w-2')).toEqual(webhook);
    expect(await webhooks().get('nul \u0000')).toBeUndefined();
    expect((await webhooks().list()).map(({ id }) => id)).toEqual(['w-1', 'w-2']);
    expect(await webhooks().delete('w-2')).toBe(true);
    expect(await webhooks().delete('w-2')).toBe(false);
    expect(await webhooks().get('w-2')).toBeUndefined();
  });

  it('counts attempts until an end, which only a redelivery by hand leaves', async () => {
    const id = await queued(10);
    const note = (attempt: object, seconds: number) =>
      webhooks().noteAttempt({ id, state: 'pending', at: at(seconds), ...attempt });
    expect(await note({ status: 503, error: ODD }, 11)).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastStatus: 503,
      lastError: ODD,
    });
    const delivered = await note({ state: 'delivered', status: 200 }, 12);
    expect(delivered).toEqual({
      id,
      webhookId: 'w-1',
      type: 'auth.flow.succeeded',
      state: 'delivered',
      attempts: 2,
      lastStatus: 200,
      createdAt: at(10),
      deliveredAt: at(12),
      payload: expect.objectContaining({ type: 'auth.flow.succeeded', timestamp: at(10) }),
    });
    expect(await note({ state: 'failed', error: 'late' }, 13)).toEqual(delivered);
    const reopened = await webhooks().reopen(id);
    expect(reopened).toMatchObject({ state: 'pending', attempts: 2 });
    expect(reopened).not.toHaveProperty('deliveredAt');
    expect(await note({ state: 'failed', error: 'refused' }, 14)).toMatchObject({
      state: 'failed',
      attempts: 3,
      lastError: 'refused',
    });
    expect(await webhooks().delivery(id)).not.toHaveProperty('lastStatus');
    const nobody = { id: 'nobody', state: 'failed' as const, at: at(1) };
    expect(await webhooks().noteAttempt(nobody)).toBeUndefined();
    expect(await webhooks().reopen('nobody')).toBeUndefined();
    expect(await webhooks().delivery('nobody')).toBeUndefined();
  });

  it('ends a delivery once when several bring its end at once', async () => {
    const id = await queued(20);
    const answers = await Promise.all(
      range(8).map((n) =>
        (n % 2 ? store() : other()).webhooks.noteAttempt({
          id,
          state: n % 2 ? 'delivered' : 'failed',
          at: at(n),
        }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.attempts).toBe(1);
  });

  it('finds those that nobody has begun to deliver', async () => {
    const [first, second, third] = [await queued(100), await queued(90), await queued(200)];
    const overdue = (seconds: number) => webhooks().overdue(at(seconds));
    expect(await overdue(90)).toEqual([]);
    expect(await overdue(150)).toEqual([second, first]);
    await webhooks().noteAttempt({ id: first, state: 'pending', at: at(160) });
    await webhooks().noteAttempt({ id: second, state: 'delivered', at: at(110) });
    expect(await overdue(150)).toEqual([]);
    expect(await overdue(161)).toEqual([first]);
    await webhooks().reopen(second);
    expect(await overdue(161)).toEqual([first]);
    const later = new Date(Date.now() + 1_000).toISOString();
    expect(await webhooks().overdue(later)).toEqual([first, third, second]);
  });

  it('lists the deliveries of a webhook newest first, and deletes them with it', async () => {
    const page = await webhooks().deliveries('w-1', { limit: 2, offset: 0 });
    expect(page.items.map(({ createdAt }) => createdAt)).toEqual([at(200), at(100)]);
    expect(page.hasMore).toBe(true);
    expect((await webhooks().deliveries('w-1', { limit: 9, offset: 4 })).items).toHaveLength(1);
    await webhooks().delete('w-1');
    expect(await webhooks().deliveries('w-1', { limit: 9, offset: 0 })).toEqual({
      items: [],
      hasMore: false,
    });
    expect(await webhooks().delivery(page.items[0]!.id)).toBeUndefined();
  });

  it("carries a new capability's event, which it queues with what makes it true, or not at all", async () => {
    const { store: own, database } = await open();
    await newWebhook(own, 'all');
    await newWebhook(own, 'some', ['delegation.completed' as never]);
    await newWebhook(own, 'logins', ['auth.flow.failed']);
    const db = database();
    const kept = <Q>(query: Q) => query;
    const Payload = webhookPayload(
      ['delegation.completed'],
      z.object({ delegation_id: z.string(), turn_id: z.string() }),
    );
    const data = { delegation_id: 'dlg-1', turn_id: ODD };
    const event = { type: 'delegation.completed', at: at(300), data };
    const queued = await db.transaction().execute((trx) => enqueue({ kept }, trx, event));
    const failing = db.transaction().execute(async (trx) => {
      await enqueue({ kept }, trx, event);
      throw new Error('not so');
    });
    await expect(failing).rejects.toThrow('not so');
    await db.destroy();
    const deliveries = await Promise.all(queued.map((id) => own.webhooks.delivery(id)));
    expect(deliveries.map((delivery) => delivery?.webhookId)).toEqual(['all', 'some']);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ type: 'delegation.completed', state: 'pending', createdAt: at(300) });
      expect(Payload.parse(delivery?.payload)).toEqual({
        type: 'delegation.completed',
        timestamp: at(300),
        data,
      });
    }
    expect(await own.webhooks.overdue(at(301))).toHaveLength(2);
    await own[Symbol.asyncDispose]();
  });
}
