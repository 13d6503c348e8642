import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { agentsRoutes } from './agents/routes/agents.ts';
import { createFlowSessions } from './auth/flow-sessions.ts';
import { createHandoffs } from './auth/operations/handoffs.ts';
import { createShowConnection } from './auth/operations/show-connection.ts';
import { codecRoutes } from './auth/routes/codec.ts';
import { authEventsRoutes } from './auth/routes/events.ts';
import { exchangeRoutes } from './auth/routes/exchange.ts';
import { hostedRoutes } from './auth/routes/hosted.ts';
import { managedAuthRoutes } from './auth/routes/managed-auth.ts';
import { waitRoutes } from './auth/routes/wait.ts';
import type { Api, ApiDeps } from './deps.ts';
import { healthRoutes } from './health/routes/health.ts';
import { metricsRoutes } from './health/routes/metrics.ts';
import { workersRoutes } from './health/routes/workers.ts';
import { notesRoutes } from './notes/routes/notes.ts';
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
import { registerVendorHeaders } from './plugins/vendor-routes.ts';
import { createTokenLookup } from './token-lookup.ts';
import { tokensRoutes } from './tokens/routes/tokens.ts';
import { createCallMessages } from './turn/operations/call-messages.ts';
import { createCheckDecision } from './turn/operations/check-decision.ts';
import { approvalsRoutes } from './turn/routes/approvals.ts';
import { callsRoutes } from './turn/routes/calls.ts';
import { deletionRoutes } from './turn/routes/deletion.ts';
import { grantsRoutes } from './turn/routes/grants.ts';
import { sessionApprovalsRoutes } from './turn/routes/session-approvals.ts';
import { sessionsRoutes } from './turn/routes/sessions.ts';
import { turnEventsRoutes } from './turn/routes/turn-events.ts';
import { turnMessagesRoutes } from './turn/routes/turn-messages.ts';
import { turnRepeatsRoutes } from './turn/routes/turn-repeats.ts';
import { turnsRoutes } from './turn/routes/turns.ts';
import { webhookDeliveriesRoutes } from './webhooks/routes/webhook-deliveries.ts';
import { webhooksRoutes } from './webhooks/routes/webhooks.ts';

/** Largest body, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;
const MAX_PARAM_CHARACTERS = 256;
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 20_000;
const TIMEOUT_CHECK_MS = 5_000;

/** The HTTP API over its dependencies, not yet listening. Closing it ends open streams and closes nothing of `deps`. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
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
  await registerVendorHeaders(app, deps.config);
  await registerOpenApi(app);
  await registerRoutes(app, deps);
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

async function registerRoutes(app: Api, deps: ApiDeps): Promise<void> {
  const limits = await createRateLimits(app, deps.config);
  const tokens = createTokenLookup(deps);
  const sessions = createFlowSessions(deps);
  const handoffs = createHandoffs(deps, sessions);
  const { streamLimits, streamCheckMs } = deps.config;
  const follow = createFollow(app, createStreamLimits(streamLimits), streamCheckMs);
  const messages = createCallMessages(deps, createCheckDecision(deps));

  healthRoutes(app, deps, { tokens, limits });
  exchangeRoutes(app, limits, handoffs);
  hostedRoutes(app);
  app.decorateRequest('caller', null);
  app.decorateRequest('isStillAllowed', null);
  await app.register((scope, _options, done) => {
    const guarded = scope.withTypeProvider<ZodTypeProvider>();
    registerBearer(guarded, { tokens, sessions, limits, now: deps.now });
    turnsRoutes(guarded, deps);
    deletionRoutes(guarded, deps);
    turnRepeatsRoutes(guarded, deps);
    turnEventsRoutes(guarded, deps, follow);
    turnMessagesRoutes(guarded, deps);
    callsRoutes(guarded, deps, messages);
    sessionsRoutes(guarded, deps, follow);
    sessionApprovalsRoutes(guarded, deps, messages);
    approvalsRoutes(guarded, deps, follow);
    grantsRoutes(guarded, deps);
    agentsRoutes(guarded, deps);
    notesRoutes(guarded, deps);
    tokensRoutes(guarded, deps, tokens);
    metricsRoutes(guarded, deps);
    workersRoutes(guarded, deps);
    managedAuthRoutes(guarded, deps, handoffs);
    authEventsRoutes(guarded, deps, follow);
    waitRoutes(guarded, deps, createShowConnection(deps));
    webhooksRoutes(guarded, deps);
    webhookDeliveriesRoutes(guarded, deps);
    codecRoutes(guarded, deps);
    done();
  });
}
