import { z } from 'zod';
import { FlowId, InteractionId } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { callerOf } from '../../plugins/bearer.ts';
import { ConnectionPath } from '../../schemas.ts';
import { findConnection } from '../operations/find-connection.ts';
import type { OpenPreview } from '../operations/open-preview.ts';

const TYPE = 'image/jpeg';
const PreviewPath = ConnectionPath.extend({ flowId: FlowId });
const PreviewQuery = z.strictObject({ interaction_id: InteractionId.optional() });

/** A picture of somebody else's page: opened by itself, nothing in it runs, and nobody keeps it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-disposition': 'inline; filename="preview.jpg"',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** The picture of the page that a login asks about, for its hosted page. */
export function previewRoute(app: Api, { store }: Pick<ApiDeps, 'store'>, open: OpenPreview): void {
  app.get(
    '/auth/connections/:id/flows/:flowId/preview',
    {
      config: {
        scope: 'auth:read',
        flowSession: true,
        problems: ['connection_not_found', 'preview_not_found'],
      },
      schema: {
        operationId: 'getPreview',
        summary: "See the site's page that a login asks about",
        description:
          'A JPEG of 200 kB at most, every field covered; `preview.url` of the login says when there is one. For the session ' +
          'token of this login alone. With `interaction_id`: only of that question.',
        tags: ['auth'],
        params: PreviewPath,
        querystring: PreviewQuery,
        response: {
          200: { description: 'The picture.', content: { [TYPE]: { schema: z.unknown() } } },
        },
      },
    },
    async (request, reply) => {
      const { id, flowId } = request.params;
      await findConnection(store, id);
      const interactionId = request.query.interaction_id;
      const picture = await open(callerOf(request), { flowId, interactionId });
      return reply.type(TYPE).headers(HEADERS).send(picture);
    },
  );
}
