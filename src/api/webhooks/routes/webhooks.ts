import { CreatedWebhook, CreateWebhookBody, page, Webhook } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { NoContent, WebhookPath } from '../../schemas.ts';
import { findWebhook, noSuchWebhook } from '../operations/find-webhook.ts';
import { makeWebhook } from '../operations/make-webhook.ts';

const tags = ['webhooks'];

/** Who is sent what happens, signed as Standard Webhooks are. */
export function webhooksRoutes(app: Api, deps: ApiDeps): void {
  const { webhooks } = deps.store;

  app.post(
    '/v1/webhooks',
    {
      config: { scope: 'webhooks:write', problems: ['input_invalid'] },
      schema: {
        operationId: 'createWebhook',
        summary: 'Make a webhook; its signing secret is shown this once',
        description:
          'Messages are sent by https to public addresses, and to those that `LONGTURN_WEBHOOK_ALLOW` names. The URL is judged now and whenever something is sent.',
        tags,
        body: CreateWebhookBody,
        response: { 201: CreatedWebhook },
      },
    },
    async ({ body }, reply) => {
      const { record, secret } = await makeWebhook(deps, body);
      await webhooks.create(record);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...record, secret });
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config: { scope: 'auth:read' },
      schema: {
        operationId: 'listWebhooks',
        summary: 'List webhooks, without their secrets',
        tags,
        response: { 200: page(Webhook) },
      },
    },
    async () => ({ items: await webhooks.list() }),
  );

  app.get(
    '/v1/webhooks/:id',
    {
      config: { scope: 'auth:read', problems: ['webhook_not_found'] },
      schema: {
        operationId: 'getWebhook',
        summary: 'Read a webhook, without its secret',
        tags,
        params: WebhookPath,
        response: { 200: Webhook },
      },
    },
    async ({ params }) => findWebhook(deps.store, params.id),
  );

  app.delete(
    '/v1/webhooks/:id',
    {
      config: { scope: 'webhooks:write', problems: ['webhook_not_found'] },
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook and what is still to be told to it',
        tags,
        params: WebhookPath,
        response: { 204: NoContent },
      },
    },
    async ({ params }, reply) => {
      if (!(await webhooks.delete(params.id))) throw noSuchWebhook(params.id);
      return reply.code(204).send();
    },
  );
}
