import { expect, it } from '@jest/globals';
import { createDeliverWebhook } from '../../../src/activities/webhooks/deliver-webhook.ts';
import type { WebhookActivityDeps } from '../../../src/activities/webhooks/deps.ts';
import { createWebhookTargets } from '../../../src/webhooks/webhook-targets.ts';

/** What is noted of the one attempt to deliver to a URL that was registered before it was judged. */
async function attempt(url: string): Promise<unknown> {
  const noted: unknown[] = [];
  const deps = {
    targets: createWebhookTargets({ allow: ['127.0.0.1:1'] }),
    now: () => new Date('2030-01-01T00:00:00.000Z'),
    vault: { open: () => `whsec_${Buffer.from('secret').toString('base64')}` },
    webhooks: {
      delivery: async () => ({ id: 'd', webhookId: 'w', state: 'pending', payload: {} }),
      get: async () => ({ id: 'w', url, sealedSecret: 'sealed' }),
      noteAttempt: async (attempted: unknown) => noted.push(attempted),
    },
  } as unknown as WebhookActivityDeps;
  expect(await createDeliverWebhook(deps)({ deliveryId: 'd', last: true })).toBe('again');
  return noted[0];
}

it.each([
  ['http://example.com/hook', 'https_required'],
  ['https://localhost/hook', 'address_refused'],
  ['https://100.100.100.200/hook', 'address_refused'],
  ['https://[fd00:ec2::254]/hook', 'address_refused'],
])('nothing is sent to %s, and the delivery says why: %s', async (url, error) => {
  expect(await attempt(url)).toMatchObject({ state: 'failed', error });
});

it('what is allowed is tried by http, too', async () => {
  expect(await attempt('http://127.0.0.1:1/hook')).toMatchObject({ error: 'ECONNREFUSED' });
});
