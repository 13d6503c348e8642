import type { Logger } from 'pino';

interface StartDeps {
  webhookGateway: { deliver(deliveryId: string): Promise<void> };
  log: Pick<Logger, 'warn'>;
}

/** Starts the workflows of deliveries that were queued; never rejects. The upkeep starts what cannot be started now. */
export async function deliverQueued({ webhookGateway, log }: StartDeps, deliveries: string[]): Promise<void> {
  for (const deliveryId of deliveries) {
    await webhookGateway
      .deliver(deliveryId)
      .catch((error) => log.warn({ err: error, deliveryId }, 'delivery not started; it is tried again'));
  }
}
