import { ManagedAuth, UpdateConnectionBody } from '../../../contract/index.ts';
import { TurnClosed } from '../../../temporal/turn/turn-gateway.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actorOf, callerOf } from '../../plugins/bearer.ts';
import { ConnectionPath, NoContent } from '../../schemas.ts';
import { returnRulesOf } from '../hosted/return-rules.ts';
import { changeSettings } from '../operations/connection-settings.ts';
import type { DeleteConnection } from '../operations/delete-connection.ts';
import { findConnection, noSuchConnection } from '../operations/find-connection.ts';
import type { ShowConnection } from '../operations/show-connection.ts';

const tags = ['auth'];

/** One auth connection: read, change, delete. */
export function connectionRoutes(
  app: Api,
  { store, authGateway, auth, now }: Pick<ApiDeps, 'store' | 'authGateway' | 'auth' | 'now'>,
  { show, remove }: { show: ShowConnection; remove: DeleteConnection },
): void {
  app.get(
    '/auth/connections/:id',
    {
      config: { scope: 'auth:read', flowSession: true, problems: ['connection_not_found'] },
      schema: {
        operationId: 'getConnection',
        summary: 'Read an auth connection with its newest login',
        description: 'Under the session of a login: with that login, also when there is a newer one.',
        tags,
        params: ConnectionPath,
        response: { 200: ManagedAuth },
      },
    },
    async (request) => show.live(callerOf(request), await findConnection(store, request.params.id)),
  );

  app.patch(
    '/auth/connections/:id',
    {
      config: { scope: 'auth:write', problems: ['connection_not_found', 'engine_unavailable'] },
      schema: {
        operationId: 'updateConnection',
        summary: 'Change settings of an auth connection; they act at once',
        tags,
        params: ConnectionPath,
        body: UpdateConnectionBody,
        response: { 200: ManagedAuth },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { domain, settings } = await findConnection(store, id);
      const changed = await store.auth.connections.configure(
        id,
        changeSettings(settings, request.body, {
          domain,
          caller: callerOf(request),
          returns: returnRulesOf(auth),
        }),
        now().toISOString(),
      );
      if (changed === undefined) throw noSuchConnection(id);
      await authGateway.configured(id).catch((error: unknown) => {
        if (!(error instanceof TurnClosed)) throw error;
      });
      return show.to(callerOf(request), changed);
    },
  );

  app.delete(
    '/auth/connections/:id',
    {
      config: { scope: 'auth:write', problems: ['connection_not_found', 'engine_unavailable'] },
      schema: {
        operationId: 'deleteConnection',
        summary: 'Cancel the running login, end all checks and delete the auth connection; its profile stays',
        tags,
        params: ConnectionPath,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await remove(request.params.id, actorOf(request));
      return reply.code(204).send();
    },
  );
}
