import type { Logger } from 'pino';

interface StartDeps {
  gateway: { deliver(deliveryId: string): Promise<void> };
  log: Pick<Logger, 'warn'>;
}

/** Starts the workflows of deliveries; never rejects. The upkeep starts what cannot be started now. */
export async function startDeliveries({ gateway, log }: StartDeps, deliveries: string[]): Promise<void> {
  for (const deliveryId of deliveries) {
    await gateway
      .deliver(deliveryId)
      .catch((error) => log.warn({ err: error, deliveryId }, 'delivery not started; it is tried again'));
  }
}
