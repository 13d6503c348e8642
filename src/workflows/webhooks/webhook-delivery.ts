import { condition } from '@temporalio/workflow';
import { handleSignal } from '../handlers.ts';
import { admitStart } from '../sealed-run.ts';
import { redeliverSignal } from './messages.ts';
import { deliverWebhook } from './proxies.ts';

/** Pauses between attempts: the first ones soon, the last after half a day. */
const PAUSES = ['5s', '30s', '2m', '10m', '30m', '1h', '3h', '6h', '12h'] as const;

/** Delivers one webhook message: tries until the receiver takes it, or a day has passed; again whenever somebody asks for it. */
export async function webhookDelivery(start: { deliveryId: string }): Promise<void> {
  admitStart(start, 'deliveryId');
  const { deliveryId } = start;
  let asked = false;
  handleSignal(redeliverSignal, () => {
    asked = true;
  });
  do {
    asked = false;
    await deliver(deliveryId, () => asked);
  } while (asked);
}

async function deliver(deliveryId: string, isAsked: () => boolean): Promise<void> {
  for (const pause of PAUSES) {
    if ((await deliverWebhook({ deliveryId, last: false })) !== 'again') return;
    if (await condition(isAsked, pause)) return;
  }
  await deliverWebhook({ deliveryId, last: true });
}
