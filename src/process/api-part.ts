import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { importDefinitions } from '../agents/import-definitions.ts';
import { watchDefinitions } from '../agents/watch-definitions.ts';
import { buildApp } from '../api/app.ts';
import { readBranding } from '../api/auth/hosted/read-branding.ts';
import { createFlowStreams } from '../api/auth/stream/flow-streams.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { Metrics } from '../api/health/metrics.ts';
import { createReaders } from '../api/stream/readers.ts';
import { createStreams } from '../api/stream/streams.ts';
import { createCodecEndpoint } from '../temporal/codec-endpoint.ts';
import { createPayloadCodec } from '../temporal/payload-codec.ts';
import { createWebhookTargets } from '../webhooks/webhook-targets.ts';
import { adminTokenId, ensureAdminToken, tokenPlace } from './admin-token.ts';
import type { Base } from './base.ts';
import { apiCapabilities } from './capabilities/all.ts';
import { cannotListen } from './free-port.ts';
import { createHealth } from './health.ts';
import { newId } from './new-id.ts';
import { addressOf, publicUrlOf } from './public-url.ts';
import type { WorkerPart } from './worker-part.ts';

export interface ApiPart {
  url: string;
  /** The admin token of this data folder. */
  token: string;
}

/** Starts the API and registers it for release: streams are ended first, then requests, then the rest. */
export async function startApiPart(
  base: Base,
  metrics: Metrics,
  running: AsyncDisposableStack,
  worker?: WorkerPart,
): Promise<ApiPart> {
  const { config, keyring, store, gateway, authGateway, observer, feed, tools, schemas, log, now } = base;
  const token = await ensureAdminToken(store, tokenPlace(config), now());
  const toolNames = tools.names();
  const definitions = { dir: config.agentsDir, store: store.agents, toolNames, schemas, log, now };
  await importDefinitions(definitions);
  running.use(watchDefinitions(definitions));

  const readers = createReaders();
  const streams = running.use(createStreams({ store, observer, feed, log }, readers));
  const flowStreams = running.use(createFlowStreams({ store, observer, feed, log }, readers));
  running.use(readers);
  const listensAt = () => (app.server.address() as AddressInfo).port;
  const deps: ApiDeps = {
    store,
    gateway,
    authGateway,
    webhookGateway: base.webhookGateway,
    keyring,
    vault: base.vault,
    credentials: base.credentials,
    webhookTargets: createWebhookTargets({ allow: config.webhooks.allow }),
    codec: createCodecEndpoint(createPayloadCodec(keyring)),
    auth: {
      limits: config.auth,
      publicUrl: () => publicUrlOf(config, listensAt()),
      hosted: {
        returnOrigins: config.hosted.returnOrigins,
        branding: await readBranding(config.hosted.file),
      },
      reportDays: config.authReportDays,
    },
    endLost: base.lostTurns.settle,
    streams,
    flowStreams,
    notes: base.notes,
    tools,
    schemas,
    fileTokenId: () => adminTokenId(config.tokenFile),
    feed,
    config: {
      rateLimitPerMinute: config.rateLimitPerMinute,
      authFailuresPerMinute: config.authFailureLimitPerMinute,
      streamLimits: config.streamLimits,
      corsOrigins: config.corsOrigins,
    },
    log,
    now,
    newId,
    metrics,
    ...(base.deployments && { deployments: base.deployments }),
    health: createHealth(base, worker),
  };
  const app: FastifyInstance = await buildApp(deps, await apiCapabilities(deps));
  running.defer(() => app.close());
  await app.listen({ host: config.host, port: config.port }).catch((error) => {
    throw cannotListen(config.host, config.port, error);
  });
  return { url: addressOf(config.host, listensAt()), token };
}
