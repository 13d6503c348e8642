import { z } from 'zod';
import { CreateCredentialBody, Credential, GivenDomain } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { OffsetQuery, Search, sendPage } from '../../offset-list.ts';
import { credentialNameTaken, withoutEmptyProvider } from '../operations/credential-problems.ts';
import type { NotifyConnections } from '../operations/notify-connections.ts';

const tags = ['credentials'];

const ListQuery = OffsetQuery.extend({
  domain: GivenDomain.optional(),
  query: Search.describe('Part of the name or of the domain.'),
});

/** Stored logins. Their values are written and never read back. */
export function credentialsRoutes(
  app: Api,
  { credentials }: Pick<ApiDeps, 'credentials'>,
  notify: NotifyConnections,
): void {
  app.post(
    '/credentials',
    {
      config: { scope: 'credentials:write', problems: ['already_exists'] },
      schema: {
        operationId: 'createCredential',
        summary: 'Store a login',
        tags,
        body: CreateCredentialBody,
        response: { 201: Credential },
      },
    },
    async ({ body }, reply) => {
      const { created, credential } = await credentials.create({ ...body, ...withoutEmptyProvider(body) });
      if (!created) throw credentialNameTaken(credential.id);
      await notify(credential.name);
      return reply.code(201).send(credential);
    },
  );

  app.get(
    '/credentials',
    {
      config: { scope: 'auth:read' },
      schema: {
        operationId: 'listCredentials',
        summary: 'List stored logins, without their values, newest first',
        tags,
        querystring: ListQuery,
        response: { 200: z.array(Credential) },
      },
    },
    async ({ query: { domain, query, limit, offset } }, reply) => {
      const page = await credentials.list({
        limit,
        offset,
        ...(domain !== undefined && { domain }),
        ...(query !== undefined && { query }),
      });
      return sendPage(reply, page, offset).map(({ value_keys: _keys, ...credential }) => credential);
    },
  );
}
