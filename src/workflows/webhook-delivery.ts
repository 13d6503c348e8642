import { sleep } from '@temporalio/workflow';
import { deliverWebhook } from './auth/proxies.ts';

/** Pauses between attempts: the first ones soon, the last after half a day. */
const PAUSES = ['5s', '30s', '2m', '10m', '30m', '1h', '3h', '6h', '12h'] as const;

/** Delivers one webhook message: tries until the receiver takes it, or a day has passed. */
export async function webhookDelivery({ deliveryId }: { deliveryId: string }): Promise<void> {
  for (const pause of PAUSES) {
    if ((await deliverWebhook({ deliveryId, last: false })) !== 'again') return;
    await sleep(pause);
  }
  await deliverWebhook({ deliveryId, last: true });
}
