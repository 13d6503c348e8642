import { Webhook } from 'standardwebhooks';
import { send } from '../../outbound/send.ts';
import type { WebhookActivities } from '../../workflows/webhooks/activities.ts';
import type { WebhookActivityDeps } from './deps.ts';

/** How long a receiver may take, in milliseconds. */
const RECEIVER_MS = 15_000;

/** Sends one message once, signed as Standard Webhooks say; any 2xx takes it. Redirects are not followed; its URL is judged anew. */
export function createDeliverWebhook(deps: WebhookActivityDeps): WebhookActivities['deliverWebhook'] {
  const { webhooks, targets, vault, now } = deps;

  const post = async (url: URL, headers: Record<string, string>, body: string): Promise<number> => {
    const signal = AbortSignal.timeout(RECEIVER_MS);
    await using answer = await send({ url, method: 'POST', headers, body }, targets, signal);
    return answer.response.statusCode;
  };

  return async ({ deliveryId, last }) => {
    const delivery = await webhooks.delivery(deliveryId);
    const webhook = delivery && (await webhooks.get(delivery.webhookId));
    if (!delivery || !webhook || delivery.state !== 'pending') return 'gone';
    const secret = vault.open(webhook.sealedSecret, { use: 'webhook', webhookId: webhook.id });
    const body = JSON.stringify(delivery.payload);
    const at = now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'longturn-webhooks',
      'webhook-id': deliveryId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(deliveryId, at, body),
    };
    const outcome = await post(new URL(webhook.url), headers, body).then(
      (status) => ({ status, taken: status >= 200 && status < 300 }),
      (error: unknown) => ({ error: reasonOf(error), taken: false }),
    );
    const { taken, ...came } = outcome;
    const state = taken ? 'delivered' : last ? 'failed' : 'pending';
    await webhooks.noteAttempt({ id: deliveryId, state, ...came, at: now().toISOString() });
    return taken ? 'delivered' : 'again';
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return (code ?? error.name).slice(0, 100);
}
