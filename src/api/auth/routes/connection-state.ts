import { z } from 'zod';
import { ManagedAuth, SafeConnection, TimelineEvent, TimelineQuery } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { sendPage } from '../../offset-list.ts';
import { actorOf, callerOf } from '../../plugins/bearer.ts';
import { ConnectionPath } from '../../schemas.ts';
import type { CancelLogin } from '../operations/cancel-login.ts';
import { toSafeConnection } from '../operations/connection-view.ts';
import { findConnection, findFlow } from '../operations/find-connection.ts';
import { withSteps } from '../operations/show-timeline.ts';

const tags = ['auth'];
const CheckAnswer = z.object({ accepted: z.boolean() });

/** The timeline of a connection, its check, and the end of its login. */
export function connectionStateRoutes(
  app: Api,
  { store, authGateway }: Pick<ApiDeps, 'store' | 'authGateway'>,
  cancel: CancelLogin,
): void {
  app.get(
    '/auth/connections/:id/timeline',
    {
      config: { scope: 'auth:read', problems: ['connection_not_found'] },
      schema: {
        operationId: 'listTimeline',
        summary: 'Logins, re-authentications and health checks, newest first',
        description:
          'A login has its steps: page after page, what was read, decided and done, and what came of it, without texts of the ' +
          'site and without values.',
        tags,
        params: ConnectionPath,
        querystring: TimelineQuery.strict(),
        response: { 200: z.array(TimelineEvent) },
      },
    },
    async ({ params, query: { type, limit, offset } }, reply) => {
      await findConnection(store, params.id);
      const wanted = { limit, offset, ...(type !== undefined && { type }) };
      const page = await store.auth.timeline.list(params.id, wanted);
      return sendPage(reply, await withSteps(store.auth, page), offset);
    },
  );

  app.get(
    '/auth/connections/:id/safe',
    {
      config: { scope: 'auth:read', problems: ['connection_not_found'] },
      schema: {
        operationId: 'getSafeConnection',
        summary: 'Read what a model may see of an auth connection',
        description: 'No capability, no text of the site, no field list.',
        tags,
        params: ConnectionPath,
        response: { 200: SafeConnection },
      },
    },
    async (request) => {
      const connection = await findConnection(store, request.params.id);
      return toSafeConnection(connection, await findFlow(store, connection, callerOf(request)));
    },
  );

  app.post(
    '/auth/connections/:id/cancel',
    {
      config: {
        scope: 'auth:write',
        problems: ['connection_not_found', { code: 'no_active_flow', status: 409 }, 'engine_unavailable'],
      },
      schema: {
        operationId: 'cancelLogin',
        summary: 'Cancel the running login',
        description: 'A login that is canceled already is answered as it is.',
        tags,
        params: ConnectionPath,
        response: { 200: ManagedAuth },
      },
    },
    async (request) => cancel(await findConnection(store, request.params.id), actorOf(request)),
  );

  app.post(
    '/auth/connections/:id/check',
    {
      config: { scope: 'auth:write', problems: ['connection_not_found', 'engine_unavailable'] },
      schema: {
        operationId: 'checkConnection',
        summary: 'Look now whether the profile is still logged in',
        description: 'What comes of it moves `last_auth_check_at` and stands in the timeline.',
        tags,
        params: ConnectionPath,
        response: { 202: CheckAnswer },
      },
    },
    async (request, reply) => {
      const { id } = await findConnection(store, request.params.id);
      await authGateway.check(id, actorOf(request));
      return reply.code(202).send({ accepted: true });
    },
  );
}
