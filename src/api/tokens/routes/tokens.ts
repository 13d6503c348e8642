import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CreatedToken, CreateTokenBody, PageQuery, page, Token, TokenId } from '../../../contract/index.ts';
import { sha256Hex } from '../../../digest.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { NoContent } from '../../schemas.ts';
import type { TokenLookup } from '../../token-lookup.ts';

const tags = ['tokens'];
const SECRET_BYTES = 32;

/** API tokens. Only the SHA-256 of a secret is kept. */
export function tokensRoutes(
  app: Api,
  { store, fileTokenId, now, newId }: ApiDeps,
  lookup: TokenLookup,
): void {
  app.get(
    '/v1/tokens',
    {
      config: { scope: 'admin', problems: ['cursor_invalid'] },
      schema: {
        operationId: 'listTokens',
        summary: 'List tokens, without their secrets',
        tags,
        querystring: PageQuery.strict(),
        response: { 200: page(Token) },
      },
    },
    async (request) => store.tokens.list(request.query),
  );

  app.post(
    '/v1/tokens',
    {
      config: { scope: 'admin', problems: ['input_invalid'] },
      schema: {
        operationId: 'createToken',
        summary: 'Make a token; its secret is shown this once',
        tags,
        body: CreateTokenBody,
        response: { 201: CreatedToken },
      },
    },
    async ({ body: { name, scopes, expiresAt } }, reply) => {
      const createdAt = now().toISOString();
      refusePast(expiresAt, now());
      const secret = `lt_${randomBytes(SECRET_BYTES).toString('base64url')}`;
      const token = await store.tokens.create({
        id: newId('tok'),
        name,
        scopes: [...new Set(scopes)],
        secretHash: sha256Hex(secret),
        createdAt,
        ...(expiresAt !== undefined && { expiresAt }),
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...token, token: secret });
    },
  );

  app.delete(
    '/v1/tokens/:id',
    {
      config: { scope: 'admin', problems: ['token_not_found', 'action_not_allowed'] },
      schema: {
        operationId: 'deleteToken',
        summary: 'Delete a token; other processes may let it through for 2 more seconds',
        tags,
        params: z.object({ id: TokenId }),
        response: { 204: NoContent },
      },
    },
    async ({ params: { id } }, reply) => {
      if (id === (await fileTokenId())) {
        const detail =
          'This token is in the token file, so it cannot be deleted here: "npm run token:rotate" ends it and puts a new one there.';
        throw new ApiProblem('action_not_allowed', detail);
      }
      const deleted = await store.tokens.delete(id, now().toISOString());
      lookup.clear();
      if (!deleted) throw new ApiProblem('token_not_found', `There is no token ${id}.`);
      return reply.code(204).send();
    },
  );
}

function refusePast(expiresAt: string | undefined, now: Date): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > now.getTime()) return;
  throw new ApiProblem('input_invalid', 'A token that has expired already would be of no use.', {
    errors: [{ path: 'body.expiresAt', message: 'must be in the future' }],
  });
}
