import { z } from 'zod';
import { DeleteQuery, Instant, SessionId, Tombstone } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actorOf } from '../../plugins/bearer.ts';
import { SessionPath, TurnPath } from '../../schemas.ts';
import { createDeleteContent } from '../operations/delete-content.ts';

const DeletedSession = z.object({ sessionId: SessionId, deletedAt: Instant });

/** Delete what was said and done. Scope `admin`: whoever may start turns must not be able to erase their traces. */
export function deletionRoutes(app: Api, deps: ApiDeps): void {
  const remove = createDeleteContent(deps);

  app.delete(
    '/v1/turns/:id',
    {
      config: { scope: 'admin', problems: ['turn_not_found', 'turn_not_ended'] },
      schema: {
        operationId: 'deleteTurn',
        summary: 'Delete a turn that has ended, in the store and in the engine',
        description:
          'From the answer on, the turn is gone for its readers: they get 410 with its tombstone. Its content is ' +
          'removed within seconds; `erasedAt` of the tombstone says when. A repeat answers the same.',
        tags: ['turns'],
        params: TurnPath,
        querystring: DeleteQuery,
        response: { 202: Tombstone },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      return reply.code(202).send(await remove.turn(params.id, query.reason, actorOf(request)));
    },
  );

  app.delete(
    '/v1/sessions/:id',
    {
      config: { scope: 'admin', problems: ['session_not_found', 'turn_not_ended'] },
      schema: {
        operationId: 'deleteSession',
        summary: 'Delete a session with all its turns, its grants and its thread note',
        description:
          'Refused while one of its turns is open. Its id cannot be used again. A repeat answers the same.',
        tags: ['sessions'],
        params: SessionPath,
        querystring: DeleteQuery,
        response: { 202: DeletedSession },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      return reply.code(202).send(await remove.session(params.id, query.reason, actorOf(request)));
    },
  );
}
