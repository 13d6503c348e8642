import type { FastifyRequest } from 'fastify';
import type { Actor, Scope, Token } from '../../contract/index.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { ApiProblem } from '../problems.ts';
import type { TokenLookup } from '../token-lookup.ts';
import type { RateLimits } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that the route asks for; every route behind the token check names one. */
    scope?: Scope;
  }
  interface FastifyRequest {
    /** Who asks; null before the token was checked, and on routes without one. */
    caller: Token | null;
  }
}

interface AuthDeps {
  tokens: TokenLookup;
  limits: RateLimits;
  now: ApiDeps['now'];
}

/** Who asks, as records keep it. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.caller === null)
    throw new Error(`${request.routeOptions.url} asks who calls without a token check`);
  return { tokenId: request.caller.id, name: request.caller.name };
}

/** Asks each route of this instance for a bearer token with the route's scope, within the token's rate limit. */
export function registerAuth(app: Api, { tokens, limits, now }: AuthDeps): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope === undefined) throw new Error(`${method} ${url} names no scope`);
  });

  app.addHook('onRequest', async (request) => {
    const caller = await authenticate(request);
    request.caller = caller;
    await limits.spend(request);
    authorize(caller, request.routeOptions.config.scope);
    tokens.touch(caller);
  });

  async function authenticate(request: FastifyRequest): Promise<Token> {
    const secret = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = secret === undefined ? undefined : await tokens.find(secret);
    if (token !== undefined && !isExpired(token, now())) return token;
    await limits.fail(request);
    throw refusal(secret, token);
  }
}

function isExpired(token: Token, now: Date): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now.getTime();
}

function refusal(secret: string | undefined, token: Token | undefined): ApiProblem {
  if (token !== undefined) {
    return new ApiProblem('token_expired', `The token expired at ${token.expiresAt}. Make a new one.`, {
      headers: { 'www-authenticate': 'Bearer realm="longturn", error="invalid_token"' },
    });
  }
  if (secret !== undefined) {
    return new ApiProblem('unauthenticated', 'The token is not known here; it may have been deleted.', {
      headers: { 'www-authenticate': 'Bearer realm="longturn", error="invalid_token"' },
    });
  }
  return new ApiProblem('unauthenticated', 'Send the header Authorization: Bearer <token>.', {
    headers: { 'www-authenticate': 'Bearer realm="longturn"' },
  });
}

function authorize(caller: Token, scope: Scope | undefined): void {
  if (scope === undefined || caller.scopes.includes(scope) || caller.scopes.includes('admin')) return;
  throw new ApiProblem('forbidden', `The token "${caller.name}" lacks the scope ${scope}.`, {
    headers: { 'www-authenticate': `Bearer realm="longturn", error="insufficient_scope", scope="${scope}"` },
  });
}
