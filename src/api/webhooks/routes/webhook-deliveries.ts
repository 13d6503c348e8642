import { z } from 'zod';
import { Cursor, page, queryInteger, WebhookDelivery } from '../../../contract/index.ts';
import { CursorError } from '../../../store/store.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { DeliveryPath, WebhookPath } from '../../schemas.ts';
import { findWebhook } from '../operations/find-webhook.ts';

const tags = ['webhooks'];

const DeliveriesQuery = z.strictObject({
  limit: queryInteger(1, 100).default(50).describe('How many items, 1–100.'),
  cursor: Cursor.optional(),
});

/** Messages to a webhook, and their redelivery. */
export function webhookDeliveriesRoutes(
  app: Api,
  { store, webhookGateway }: Pick<ApiDeps, 'store' | 'webhookGateway'>,
): void {
  const { webhooks } = store;

  app.get(
    '/v1/webhooks/:id/deliveries',
    {
      config: { scope: 'auth:read', problems: ['webhook_not_found', 'cursor_invalid'] },
      schema: {
        operationId: 'listDeliveries',
        summary: 'Messages to a webhook, newest first',
        tags,
        params: WebhookPath,
        querystring: DeliveriesQuery,
        response: { 200: page(WebhookDelivery) },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const { id } = await findWebhook(store, params.id);
      const offset = offsetOf(cursor);
      const { items, hasMore } = await webhooks.deliveries(id, { limit, offset });
      return { items, ...(hasMore && { nextCursor: String(offset + items.length) }) };
    },
  );

  app.post(
    '/v1/webhooks/:id/deliveries/:deliveryId/redeliver',
    {
      config: {
        scope: 'webhooks:write',
        problems: ['webhook_not_found', 'delivery_not_found', 'engine_unavailable'],
      },
      schema: {
        operationId: 'redeliver',
        summary: 'Send a message to a webhook once more',
        tags,
        params: DeliveryPath,
        response: { 202: WebhookDelivery },
      },
    },
    async ({ params: { id, deliveryId } }, reply) => {
      await findWebhook(store, id);
      const delivery = await webhooks.delivery(deliveryId);
      const reopened = delivery?.webhookId === id ? await webhooks.reopen(deliveryId) : undefined;
      if (reopened === undefined) {
        throw new ApiProblem('delivery_not_found', `The webhook ${id} has no message ${deliveryId}.`);
      }
      await webhookGateway.redeliver(deliveryId);
      return reply.code(202).send(reopened);
    },
  );
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor);
  throw new CursorError(`"${cursor.slice(0, 40)}" is no cursor of this list.`);
}
