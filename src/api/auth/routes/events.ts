import type { Api, ApiDeps } from '../../deps.ts';
import { callerOf } from '../../plugins/bearer.ts';
import type { Follow } from '../../plugins/follow.ts';
import { ApiProblem } from '../../problems.ts';
import { ConnectionPath, EventStream } from '../../schemas.ts';
import { findConnection, findFlow } from '../operations/find-connection.ts';

/** A login, followed live. */
export function authEventsRoutes(
  app: Api,
  { store, flowStreams }: Pick<ApiDeps, 'store' | 'flowStreams'>,
  follow: Follow,
): void {
  app.get(
    '/auth/connections/:id/events',
    {
      config: {
        scope: 'auth:read',
        flowSession: true,
        problems: ['connection_not_found', { code: 'no_active_flow', status: 404 }],
      },
      schema: {
        operationId: 'followLogin',
        summary: 'Follow the newest login as server-sent events',
        description:
          'The whole state at once, then each newer one as `managed_auth_state`, and `sse_heartbeat` every 15 s; ends ' +
          'after the terminal state. With a session token: its own login.',
        tags: ['auth'],
        params: ConnectionPath,
        response: { 200: EventStream },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const flow = await findFlow(store, await findConnection(store, request.params.id), caller);
      if (flow === undefined) {
        throw new ApiProblem('no_active_flow', 'Nobody has begun a login of this connection. Begin one.', {
          status: 404,
        });
      }
      reply.header('x-sse-content-type', 'application/json');
      return follow(request, reply, (sink) => flowStreams.follow(flow.id, caller.id, sink));
    },
  );
}
