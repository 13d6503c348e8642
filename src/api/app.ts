import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiCapability, ApiParts } from './capability.ts';
import type { Api, ApiDeps } from './deps.ts';
import { registerBearer } from './plugins/bearer.ts';
import { registerDocumentedProblems } from './plugins/documented-problems.ts';
import { createFollow } from './plugins/follow.ts';
import { registerMethodNotAllowed } from './plugins/method-not-allowed.ts';
import { registerOpenApi } from './plugins/openapi.ts';
import { registerParsing } from './plugins/parsing.ts';
import { answerBrokenRequest, answerProblem, registerProblems } from './plugins/problems.ts';
import { createRateLimits } from './plugins/rate-limits.ts';
import { registerRequestLog, requestIdOf } from './plugins/request-log.ts';
import { createStreamLimits } from './plugins/stream-limits.ts';
import { createTokenLookup } from './token-lookup.ts';

/** Largest body, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;
const MAX_PARAM_CHARACTERS = 256;
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 20_000;
const TIMEOUT_CHECK_MS = 5_000;

/**
 * The HTTP API of the capabilities, in their order, not yet listening. Closing it ends open streams and closes nothing of
 * `deps`.
 */
export async function buildApp(
  deps: ApiDeps,
  capabilities: readonly ApiCapability[],
): Promise<FastifyInstance> {
  const app: Api = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id'], () => deps.newId('req')),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    ...timeoutsOf(deps.config),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_CHARACTERS },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<ZodTypeProvider>();

  app.setSerializerCompiler(serializerCompiler);
  registerParsing(app);
  registerProblems(app);
  registerRequestLog(app, deps.metrics);
  registerDocumentedProblems(app);
  const closeGaps = registerMethodNotAllowed(app);
  for (const { hooks } of capabilities) await hooks?.(app);
  await registerOpenApi(app);
  await registerRoutes(app, deps, capabilities);
  closeGaps();
  await app.ready();
  return app as unknown as FastifyInstance;
}

/** A request that comes in too slowly is ended, be it its headers or its body. Streams are answers: they may be long. */
function timeoutsOf({ requestTimeoutMs = REQUEST_TIMEOUT_MS }: ApiDeps['config']) {
  return {
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
    },
  };
}

async function registerRoutes(
  app: Api,
  deps: ApiDeps,
  capabilities: readonly ApiCapability[],
): Promise<void> {
  const limits = await createRateLimits(app, deps.config);
  const tokens = createTokenLookup(deps);
  const { streamLimits, streamCheckMs } = deps.config;
  const follow = createFollow(app, createStreamLimits(streamLimits), streamCheckMs);
  const parts: ApiParts = { tokens, limits, follow };
  const others = capabilities.flatMap(({ callers }) => callers ?? []);

  for (const { open } of capabilities) open?.(app, parts);
  app.decorateRequest('caller', null);
  app.decorateRequest('isStillAllowed', null);
  await app.register((scope, _options, done) => {
    const guardedApp = scope.withTypeProvider<ZodTypeProvider>();
    registerBearer(guardedApp, { tokens, others, limits, now: deps.now });
    for (const { guarded } of capabilities) guarded?.(guardedApp, parts);
    done();
  });
}
