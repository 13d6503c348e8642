import type { FastifyRequest } from 'fastify';
import { type Actor, mayAct, type Scope } from '../../contract/index.ts';
import type { ActingToken } from '../../store/store.ts';
import { type FlowSession, type FlowSessions, looksLikeSession } from '../auth/flow-sessions.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { ApiProblem } from '../problems.ts';
import type { TokenLookup } from '../token-lookup.ts';
import type { RateLimits } from './rate-limits.ts';

/** Who asks: an API token, or a person with the session token of one login. */
export interface Caller {
  /** Id of the token; of a session, a name for it that differs from every token's. */
  id: string;
  name: string;
  scopes: Scope[];
  /** Set where the caller may read and answer one flow, and nothing else. */
  session?: FlowSession;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that the route asks for; every route behind the token check names one. */
    scope?: Scope;
    /** Whether a login's session token opens the route, for its own connection (`:id`) and flow. */
    flowSession?: boolean;
  }
  interface FastifyRequest {
    /** Whether the caller's token is still valid; null before the token check, and on routes without one. */
    isStillAllowed: (() => Promise<boolean>) | null;
    /** Who asks; null before the token check, and on routes without one. */
    caller: Caller | null;
  }
}

interface BearerDeps {
  tokens: TokenLookup;
  sessions: FlowSessions;
  limits: RateLimits;
  now: ApiDeps['now'];
}

const INVALID_TOKEN = { 'www-authenticate': 'Bearer realm="longturn", error="invalid_token"' };

/** The secret that a request brings. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** Who asks. `id` also tells one client from another, where it matters what a client was shown. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null)
    throw new Error(`${request.routeOptions.url} asks who calls without a token check`);
  return request.caller;
}

/** Who asks, as records keep it. */
export function actorOf(request: FastifyRequest): Actor {
  const { id, name } = callerOf(request);
  return { tokenId: id, name };
}

/** The token that a requested turn acts for. */
export function actingOf(request: FastifyRequest): ActingToken {
  const { id, scopes } = callerOf(request);
  return { tokenId: id, scopes };
}

/** Asks each route of this instance for a bearer token with the route's scope, within the token's rate limit. */
export function registerBearer(app: Api, { tokens, sessions, limits, now }: BearerDeps): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope === undefined) throw new Error(`${method} ${url} names no scope`);
  });

  app.addHook('onRequest', async (request) => {
    const secret = bearerOf(request);
    request.caller = await (secret !== undefined && looksLikeSession(secret)
      ? sessionOf(secret, request)
      : tokenOf(secret, request));
    request.isStillAllowed = () => isStillAllowed(secret ?? '');
  });

  /** False once the token is deleted or has expired; asked repeatedly while a stream is followed. */
  async function isStillAllowed(secret: string): Promise<boolean> {
    if (looksLikeSession(secret)) {
      const session = await sessions.verify(secret);
      return session !== undefined && session !== 'expired';
    }
    const token = await tokens.find(secret);
    return token !== undefined && !hasExpired(token, now());
  }

  async function tokenOf(secret: string | undefined, request: FastifyRequest): Promise<Caller> {
    const token = secret === undefined ? undefined : await tokens.find(secret);
    if (token === undefined || hasExpired(token, now())) {
      await limits.fail(request);
      throw refusal(secret, token?.expiresAt);
    }
    request.caller = token;
    await limits.spend(request);
    authorize(token, request.routeOptions.config.scope);
    tokens.touch(token);
    return token;
  }

  async function sessionOf(secret: string, request: FastifyRequest): Promise<Caller> {
    const session = await sessions.verify(secret);
    if (session === undefined || session === 'expired') {
      await limits.fail(request);
      throw session === 'expired' ? sessionOver() : refusal(secret, undefined);
    }
    const caller = { id: `session:${session.codeHash.slice(0, 16)}`, name: 'a person', scopes: [], session };
    request.caller = caller;
    await limits.spend(request);
    authorizeSession(session, request);
    await sessions.use(session);
    return caller;
  }
}

/** Whether a token's time is over. */
export function hasExpired({ expiresAt }: { expiresAt?: string | undefined }, now: Date): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
}

function refusal(secret: string | undefined, expiredAt: string | undefined): ApiProblem {
  if (expiredAt !== undefined) {
    return new ApiProblem('token_expired', `The token expired at ${expiredAt}. Make a new one.`, {
      headers: INVALID_TOKEN,
    });
  }
  if (secret !== undefined) {
    return new ApiProblem('unauthenticated', 'The token is not known here; it may have been deleted.', {
      headers: INVALID_TOKEN,
    });
  }
  return new ApiProblem('unauthenticated', 'Send the header Authorization: Bearer <token>.', {
    headers: { 'www-authenticate': 'Bearer realm="longturn"' },
  });
}

function sessionOver(): ApiProblem {
  return new ApiProblem('token_expired', 'The session of this login is over. Begin a new login.', {
    headers: INVALID_TOKEN,
  });
}

function authorize(caller: Caller, scope: Scope | undefined): void {
  if (scope === undefined || mayAct(caller, scope)) return;
  throw new ApiProblem('forbidden', `The token "${caller.name}" lacks the scope ${scope}.`, {
    headers: { 'www-authenticate': `Bearer realm="longturn", error="insufficient_scope", scope="${scope}"` },
  });
}

function authorizeSession({ connectionId }: FlowSession, request: FastifyRequest): void {
  if (request.routeOptions.config.flowSession !== true) {
    throw new ApiProblem('forbidden', 'The session of a login opens this login and nothing else.', {
      headers: { 'www-authenticate': 'Bearer realm="longturn", error="insufficient_scope"' },
    });
  }
  const { id } = request.params as { id?: string };
  if (id === connectionId) return;
  throw new ApiProblem('connection_not_found', `There is no auth connection ${id} in this session.`);
}
