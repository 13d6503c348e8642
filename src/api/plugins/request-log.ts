import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../deps.ts';
import type { Metrics } from '../health/metrics.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Ids that the request's log line carries beside those in its path. */
    subject: { turnId?: string; sessionId?: string } | null;
  }
}

/** The caller's `x-request-id` when it is a plain one, else a new id. */
export function requestIdOf(header: string | string[] | undefined, newId: () => string): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : newId();
}

/** One log line and one observation per request: method, route, status, duration, ids. No bodies, no headers, no query. */
export function registerRequestLog(app: Api, metrics: Metrics): void {
  app.decorateRequest('subject', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.observeRequest(request.method, routeOf(request), reply.statusCode, reply.elapsedTime / 1_000);
    request.log.info(lineOf(request, reply), 'request');
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(none)';
}

function lineOf(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  return {
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    ...(request.caller && { tokenId: request.caller.id }),
    ...pathIds(request),
    ...request.subject,
  };
}

function pathIds(request: FastifyRequest): Record<string, unknown> {
  const route = routeOf(request);
  const { id, callId } = (request.params ?? {}) as { id?: string; callId?: string };
  if (route.startsWith('/auth/')) return { connectionId: id };
  if (route.startsWith('/v1/turns/')) return { turnId: id, ...(callId !== undefined && { callId }) };
  return route.startsWith('/v1/sessions/') ? { sessionId: id } : {};
}
