import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createAuthActivities } from '../activities/auth/create-auth-activities.ts';
import { capabilitiesOf } from '../activities/capabilities.ts';
import { createActivities } from '../activities/create-activities.ts';
import type { Metrics } from '../api/metrics.ts';
import { createLoginBrowser } from '../browser/create-login-browser.ts';
import type { LoginBrowser } from '../browser/login-browser.ts';
import { createModelDirectory } from '../models/create-model-directory.ts';
import { buildIdOf, deploymentOf } from '../temporal/build-id.ts';
import { connectWorker } from '../temporal/connect.ts';
import {
  createBrowserWorkers,
  createOwnWorker,
  createWorker,
  installRuntime,
} from '../temporal/create-worker.ts';
import { ownTurnsTaskQueue, TASK_QUEUE, workerTaskQueue } from '../temporal/names.ts';
import { createAuthUpkeep } from '../upkeep/auth-upkeep.ts';
import { startDeploymentUpkeep } from '../upkeep/deployment-upkeep.ts';
import { startPresence } from '../upkeep/presence.ts';
import { createReconciler } from '../upkeep/reconciler.ts';
import { createStuckWatch } from '../upkeep/stuck-watch.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import { browserFolder } from './browser-folder.ts';
import type { Base } from './open-base.ts';
import { publicUrlOf } from './public-url.ts';
import { endProcess } from './run-process.ts';

/** The prebuilt workflow bundle (`npm run build`, and every start). */
const BUNDLE_FILE = path.resolve(import.meta.dirname, '../../dist/workflow-bundle.js');

export interface WorkerPart {
  /** Whether this worker polls for tasks. */
  polls(): boolean;
}

/** Starts a worker and its upkeep, and registers them for release. */
export async function startWorkerPart(
  base: Base,
  metrics: Metrics,
  running: AsyncDisposableStack,
): Promise<WorkerPart> {
  const { config, engine, dataConverter, store, feed, client, gateway, authGateway, observer, log, now } =
    base;
  installRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  const startTurn = gateway.start;
  const taskQueue = workerTaskQueue(workerId);
  const buildId = await buildIdOf(BUNDLE_FILE);
  const browser = running.use(loginBrowser(base));
  const auth = loginActivities(base, browser, taskQueue);
  const common = { connection, namespace: engine.namespace, dataConverter };
  const turns = turnActivities(base, metrics);
  const worker = await createWorker({
    ...common,
    activities: { ...turns.activities, ...auth.shared },
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
    drainMs: config.drainMs,
    ...(base.deployments && { version: { deploymentName: deploymentOf(TASK_QUEUE), buildId } }),
  });
  const { maxContexts } = config.browser;
  const { opening, held } = auth;
  const ownTaskQueue = ownTurnsTaskQueue(workerId);
  const own = { ...common, activities: turns.activities, ownTaskQueue, drainMs: config.drainMs };
  const workers = [
    worker,
    ...(isAlone(base) ? [] : [await createOwnWorker(own)]),
    ...(await createBrowserWorkers({ ...common, opening, held, ownTaskQueue: taskQueue, maxContexts })),
  ];
  const { capabilities } = turns;
  const startedAt = now().toISOString();
  const polls = () => worker.getState() === 'RUNNING';
  const about = () => {
    const state = worker.getState();
    if (state === 'INITIALIZED' || state === 'FAILED') return undefined;
    return { buildId, startedAt, capabilities, draining: state !== 'RUNNING' };
  };
  const ends = workers.map((each) => each.run().catch((error) => endProcess(log, error)));
  // Ends after the worker: until then it says that it drains.
  running.use(startPresence({ workerId, about, store, log, now }));
  running.defer(async () => {
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
    await Promise.all(ends);
  });
  const reconciler = createReconciler({ client, observer, store, feed, startTurn, log, now });
  const stuck = createStuckWatch({ client, metrics, log });
  const authUpkeep = createAuthUpkeep({ auth: store.auth, gateway: authGateway, feed, browser, log, now });
  running.use(startUpkeep({ store, reconciler, stuck, auth: authUpkeep, startTurn, log, now }));
  if (base.deployments) {
    running.use(startDeploymentUpkeep({ deployments: base.deployments, buildId, metrics, log }));
  }
  return { polls };
}

/** `npm start` with its own server: there is no other worker. */
function isAlone({ together, config }: Base): boolean {
  return together && config.engine.kind === 'embedded';
}

function turnActivities(base: Base, metrics: Metrics) {
  const { config, store, tools, feed, gateway, log, now } = base;
  const models = createModelDirectory(config.models);
  const activities = createActivities({
    store,
    tools,
    models,
    feed,
    startTurn: gateway.start,
    workspacesDir: path.join(config.dataDir, 'workspaces'),
    metrics,
    capabilityPatienceMs: isAlone(base) ? 0 : config.capabilityPatienceMs,
    log,
    now,
  });
  return { activities, capabilities: capabilitiesOf({ tools, models }) };
}

/** The browser of this process, released after the workers that use it. */
function loginBrowser({ config, log }: Base): LoginBrowser {
  const { allow, path: executablePath, maxContexts } = config.browser;
  return createLoginBrowser({
    allow,
    maxContexts,
    tempDir: browserFolder(config.dataDir),
    log,
    ...(executablePath !== undefined && { executablePath }),
  });
}

function loginActivities(base: Base, browser: LoginBrowser, queue: string) {
  const { config, store, vault, credentials, authGateway, feed, log, now } = base;
  return createAuthActivities({
    auth: store.auth,
    browser,
    vault,
    credentials,
    gateway: authGateway,
    feed,
    queue,
    limits: config.auth,
    hostedUrl: (connectionId) => `${publicUrlOf(config)}/auth/hosted/${connectionId}`,
    webhookAllow: config.webhooks.allow,
    log,
    now,
  });
}
