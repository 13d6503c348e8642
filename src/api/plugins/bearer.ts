import type { FastifyRequest } from 'fastify';
import { type Actor, mayAct, type Scope } from '../../contract/index.ts';
import type { ActingToken } from '../../store/store.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { ApiProblem } from '../problems.ts';
import type { TokenLookup } from '../token-lookup.ts';
import type { RateLimits } from './rate-limits.ts';

/** Who asks: an API token, or somebody whom a capability lets in without one. */
export interface Caller {
  /** Id of the token; of others, a name that differs from every token's. */
  id: string;
  name: string;
  scopes: Scope[];
}

/** Callers without an API token. */
export interface OtherCallers<C extends Caller = Caller> {
  /** Whether a secret has the form of theirs; API tokens hold no dots. */
  looksLike(secret: string): boolean;
  /** Who brings the secret; `expired` when it is past its time, undefined when it is none of ours. */
  find(secret: string): Promise<C | 'expired' | undefined>;
  /** What is told of a secret that is past its time. */
  expired: string;
  /** Throws where the route, or what it names, is not theirs. */
  authorize(caller: C, request: FastifyRequest): void;
  /** Notes that the secret was used. */
  used(caller: C): Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that the route asks for; every route behind the token check names one. */
    scope?: Scope;
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
  others: readonly OtherCallers[];
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
export function registerBearer(app: Api, { tokens, others, limits, now }: BearerDeps): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope === undefined) throw new Error(`${method} ${url} names no scope`);
  });

  app.addHook('onRequest', async (request) => {
    const secret = bearerOf(request);
    const kind = kindOf(secret);
    request.caller = await (kind ? otherOf(kind, secret ?? '', request) : tokenOf(secret, request));
    request.isStillAllowed = () => isStillAllowed(secret ?? '');
  });

  function kindOf(secret: string | undefined): OtherCallers | undefined {
    return secret === undefined ? undefined : others.find((kind) => kind.looksLike(secret));
  }

  /** False once the token is deleted or has expired; asked repeatedly while a stream is followed. */
  async function isStillAllowed(secret: string): Promise<boolean> {
    const kind = kindOf(secret);
    if (kind) {
      const caller = await kind.find(secret);
      return caller !== undefined && caller !== 'expired';
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

  async function otherOf(kind: OtherCallers, secret: string, request: FastifyRequest): Promise<Caller> {
    const caller = await kind.find(secret);
    if (caller === undefined || caller === 'expired') {
      await limits.fail(request);
      throw caller === 'expired' ? secretOver(kind.expired) : refusal(secret, undefined);
    }
    request.caller = caller;
    await limits.spend(request);
    kind.authorize(caller, request);
    await kind.used(caller);
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

function secretOver(detail: string): ApiProblem {
  return new ApiProblem('token_expired', detail, { headers: INVALID_TOKEN });
}

function authorize(caller: Caller, scope: Scope | undefined): void {
  if (scope === undefined || mayAct(caller, scope)) return;
  throw new ApiProblem('forbidden', `The token "${caller.name}" lacks the scope ${scope}.`, {
    headers: { 'www-authenticate': `Bearer realm="longturn", error="insufficient_scope", scope="${scope}"` },
  });
}
