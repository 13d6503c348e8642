import { z } from 'zod';
import { Credential, TotpCode, UpdateCredentialBody } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { invalidRequest } from '../../plugins/parsing.ts';
import { NoContent } from '../../schemas.ts';
import {
  credentialNameTaken,
  foundCredential,
  noSuchCredential,
  withoutEmptyProvider,
} from '../operations/credential-problems.ts';
import type { NotifyConnections } from '../operations/notify-connections.ts';

const tags = ['credentials'];

const CredentialPath = z.object({
  id: z.string().min(1).max(255).describe("The credential's id or name."),
});

/** One stored login: read, change, delete. */
export function credentialRoutes(
  app: Api,
  { credentials }: Pick<ApiDeps, 'credentials'>,
  notify: NotifyConnections,
): void {
  app.get(
    '/credentials/:id',
    {
      config: { scope: 'auth:read', problems: ['credential_not_found'] },
      schema: {
        operationId: 'getCredential',
        summary: 'Read a stored login, without its values',
        tags,
        params: CredentialPath,
        response: { 200: Credential },
      },
    },
    async ({ params }) => foundCredential(params.id, await credentials.get(params.id)),
  );

  app.patch(
    '/credentials/:id',
    {
      config: { scope: 'credentials:write', problems: ['credential_not_found', 'already_exists'] },
      schema: {
        operationId: 'updateCredential',
        summary: 'Change a stored login; values are merged',
        tags,
        params: CredentialPath,
        body: UpdateCredentialBody,
        response: { 200: Credential },
      },
    },
    async ({ params, body }) => {
      const before = foundCredential(params.id, await credentials.get(params.id));
      const changed = await credentials.update(before.id, { ...body, ...withoutEmptyProvider(body) });
      if (changed === 'missing') throw noSuchCredential(params.id);
      if (changed === 'name_taken') {
        const name = body.name ?? before.name;
        throw credentialNameTaken((await credentials.get(name))?.id);
      }
      await notify(before.name, changed.name);
      return changed;
    },
  );

  app.delete(
    '/credentials/:id',
    {
      config: { scope: 'credentials:write', problems: ['credential_not_found'] },
      schema: {
        operationId: 'deleteCredential',
        summary: 'Delete a stored login; auth connections that name it are without one then',
        tags,
        params: CredentialPath,
        response: { 204: NoContent },
      },
    },
    async ({ params }, reply) => {
      const { id, name } = foundCredential(params.id, await credentials.get(params.id));
      if (!(await credentials.delete(id))) throw noSuchCredential(params.id);
      await notify(name);
      return reply.code(204).send();
    },
  );
}

/** Codes of a login's TOTP secret. */
export function totpCodeRoute(app: Api, { credentials }: Pick<ApiDeps, 'credentials'>): void {
  app.get(
    '/credentials/:id/totp-code',
    {
      // For half a minute a code is worth what the secret is.
      config: { scope: 'credentials:write', problems: ['credential_not_found'] },
      schema: {
        operationId: 'getTotpCode',
        summary: "The one-time code that the login's TOTP secret makes now",
        tags,
        params: CredentialPath,
        response: { 200: TotpCode },
      },
    },
    async ({ params }) => {
      const code = await credentials.totpCode(params.id);
      if (code === 'missing') throw noSuchCredential(params.id);
      if (code !== 'no_secret') return code;
      throw invalidRequest([{ path: 'path.id', message: 'names a credential without a TOTP secret' }]);
    },
  );
}
