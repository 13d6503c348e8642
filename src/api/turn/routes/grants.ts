import { Grant, PageQuery, page } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { GrantPath, NoContent, SessionPath } from '../../schemas.ts';
import { findSession } from '../operations/find.ts';

const tags = ['grants'];

/** Remembered decisions of a session. */
export function grantsRoutes(app: Api, { store, gateway, now }: ApiDeps): void {
  app.get(
    '/v1/sessions/:id/grants',
    {
      config: { scope: 'turns:read', problems: ['session_not_found', 'session_deleted', 'cursor_invalid'] },
      schema: {
        operationId: 'listGrants',
        summary: 'List the grants of a session, of both scopes',
        tags,
        params: SessionPath,
        querystring: PageQuery.strict(),
        response: { 200: page(Grant) },
      },
    },
    async ({ params, query }) => {
      const session = await findSession(store, params.id);
      return store.grants.list(session.id, query);
    },
  );

  app.delete(
    '/v1/sessions/:id/grants/:grantId',
    {
      config: {
        scope: 'approvals:decide',
        problems: ['session_not_found', 'session_deleted', 'grant_not_found', 'engine_unavailable'],
      },
      schema: {
        operationId: 'revokeGrant',
        summary: 'Revoke a grant, for the running turn as well',
        description: 'On 503 the grant is revoked but the running turn was not told: repeat the request.',
        tags,
        params: GrantPath,
        response: { 204: NoContent },
      },
    },
    async ({ params: { id, grantId } }, reply) => {
      await findSession(store, id);
      const revoked = await store.grants.revoke(id, grantId, now().toISOString());
      if (revoked === undefined) {
        throw new ApiProblem('grant_not_found', `Session ${id} has no grant ${grantId}.`);
      }
      for (const turn of await store.sessions.turns(id)) {
        if (turn.state === 'running' || turn.state === 'starting')
          await gateway.revokeGrant(turn.id, grantId);
      }
      return reply.code(204).send();
    },
  );
}
