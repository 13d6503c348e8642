import { z } from 'zod';
import { CreateConnectionBody, GivenDomain, ManagedAuth, ProfileName } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { OffsetQuery, Search, sendPage } from '../../offset-list.ts';
import { callerOf } from '../../plugins/bearer.ts';
import { ApiProblem } from '../../problems.ts';
import { returnRulesOf } from '../hosted/return-rules.ts';
import { settingsOf } from '../operations/connection-settings.ts';
import type { ShowConnection } from '../operations/show-connection.ts';

const tags = ['auth'];

const ListQuery = OffsetQuery.extend({
  domain: GivenDomain.optional(),
  profile_name: ProfileName.optional(),
  query: Search.describe("Part of the domain or of the profile's name."),
});

/** Auth connections: a profile and a domain that are kept logged in. */
export function connectionsRoutes(
  app: Api,
  { store, now, newId, auth }: Pick<ApiDeps, 'store' | 'now' | 'newId' | 'auth'>,
  show: ShowConnection,
): void {
  const { connections } = store.auth;

  app.post(
    '/auth/connections',
    {
      config: { scope: 'auth:write', problems: ['already_exists'] },
      schema: {
        operationId: 'createConnection',
        summary: 'Make an auth connection, and its profile where there is none of that name',
        tags,
        body: CreateConnectionBody,
        response: { 201: ManagedAuth },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { created, connection } = await connections.create({
        id: newId('ma'),
        profile: { id: newId('prof'), name: body.profile_name },
        domain: body.domain,
        settings: settingsOf(body, { caller: callerOf(request), returns: returnRulesOf(auth) }),
        at: now().toISOString(),
      });
      if (!created) throw alreadyThere(connection);
      return reply.code(201).send(await show.with(undefined, connection));
    },
  );

  app.get(
    '/auth/connections',
    {
      config: { scope: 'auth:read' },
      schema: {
        operationId: 'listConnections',
        summary: 'List auth connections, newest first',
        tags,
        querystring: ListQuery,
        response: { 200: z.array(ManagedAuth) },
      },
    },
    async (request, reply) => {
      const { profile_name: profileName, domain, query, limit, offset } = request.query;
      const page = await connections.list({
        limit,
        offset,
        ...(domain !== undefined && { domain }),
        ...(profileName !== undefined && { profileName }),
        ...(query !== undefined && { query }),
      });
      const caller = callerOf(request);
      return Promise.all(sendPage(reply, page, offset).map((connection) => show.to(caller, connection)));
    },
  );
}

function alreadyThere({ id }: { id: string }) {
  const detail = `That profile has an auth connection for that domain already: ${id}.`;
  return new ApiProblem('already_exists', detail, { existingId: id });
}
