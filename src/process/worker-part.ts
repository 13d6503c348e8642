import { createAuthActivities } from '../activities/auth/create-auth-activities.ts';
import { capabilitiesOf } from '../activities/capabilities.ts';
import { createActivities } from '../activities/create-activities.ts';
import { createWebhookActivities } from '../activities/webhooks/create-webhook-activities.ts';
import type { Metrics } from '../api/health/metrics.ts';
import { createLoginBrowser } from '../browser/create-login-browser.ts';
import type { LoginBrowser } from '../browser/login-browser.ts';
import { PROVIDER_NAMES, createModelDirectory } from '../models/create-model-directory.ts';
import type { ModelBook } from '../models/model-limits.ts';
import { readModelLimits } from '../models/read-model-limits.ts';
import { buildIdOf, deploymentOf } from '../temporal/build-id.ts';
import { connectWorker } from '../temporal/connect.ts';
import { createModelWorkers } from '../temporal/create-model-workers.ts';
import { createBrowserWorkers, createOwnWorker, createWorker, type WorkerDeps } from '../temporal/create-worker.ts';
import { createDeployments } from '../temporal/deployments.ts';
import { createHistoryEraser } from '../temporal/history-eraser.ts';
import { workerIdentity } from '../temporal/pollers.ts';
import { readBacklog } from '../temporal/task-backlog.ts';
import { boundsOf } from '../tools/bounds.ts';
import { createAuthUpkeep } from '../upkeep/auth/auth-upkeep.ts';
import { startDeploymentUpkeep } from '../upkeep/deployment-upkeep.ts';
import { createKeeping } from '../upkeep/keeping.ts';
import { startPresence } from '../upkeep/presence.ts';
import { createReconciler } from '../upkeep/turn/reconciler.ts';
import { createStuckWatch } from '../upkeep/turn/stuck-watch.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import { createWebhookUpkeep } from '../upkeep/webhooks/webhook-upkeep.ts';
import { createWebhookTargets } from '../webhooks/webhook-targets.ts';
import { modelTaskQueue } from '../workflows/turn/model-queue.ts';
import { assertAlone } from './assert-alone.ts';
import { assertGetsTurns } from './assert-gets-turns.ts';
import { browserFolder } from './browser-folder.ts';
import { mendWorkspaces } from './mend-workspaces.ts';
import { modelQueues } from './model-limits.ts';
import type { Base } from './open-base.ts';
import { publicUrlOf } from './public-url.ts';
import { endProcess } from './run-process.ts';
import { installMeasuredRuntime } from './sdk-metrics.ts';
import type { Worker } from '@temporalio/worker';
import { randomBytes } from 'node:crypto';
import path from 'node:path';

/** The prebuilt workflow bundle (`npm run build`, and every start). */
const BUNDLE_FILE = path.resolve(import.meta.dirname, '../../dist/workflow-bundle.js');

const DAY_MS = 86_400_000;

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
  const { engine, dataConverter, store, installation, names, client, log, now } = base;
  const { taskQueue } = names;
  const sdkMetrics = await installMeasuredRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  await assertAlone({ client, taskQueue, installation, workers: store.workers, log });
  if (!base.deployments) {
    const deployments = createDeployments(client, deploymentOf(taskQueue));
    await assertGetsTurns({ deployments, alone: isAlone(base), log });
  }
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  log.info({ installation: installation.id, taskQueue, workerId }, 'this worker belongs to its installation');
  const buildId = await buildIdOf(BUNDLE_FILE);
  const browser = running.use(loginBrowser(base));
  const identity = workerIdentity(installation.id, workerId);
  const common = { connection, namespace: engine.namespace, dataConverter, taskQueue, identity };
  const { workers, capabilities, modelTaskQueues } = await createWorkers(base, metrics, {
    common,
    workerId,
    buildId,
    browser,
  });
  const [worker] = workers;
  const startedAt = now().toISOString();
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
  startRounds(base, metrics, { browser, buildId }, running);
  metrics.attach({ text: sdkMetrics });
  metrics.attach({
    figures: async () => ({ backlog: await readBacklog(client, taskQueue, modelTaskQueues) }),
  });
  return { polls: () => worker.getState() === 'RUNNING' };
}

interface WorkersOf {
  common: Pick<WorkerDeps, 'connection' | 'namespace' | 'dataConverter' | 'identity'> & { taskQueue: string };
  workerId: string;
  buildId: string;
  browser: LoginBrowser;
}

/** The workers of this process; the first one runs the workflows. */
async function createWorkers(
  base: Base,
  metrics: Metrics,
  { common, workerId, buildId, browser }: WorkersOf,
): Promise<{ workers: [Worker, ...Worker[]]; capabilities: string[]; modelTaskQueues: string[] }> {
  const { config, store, names, feed, deployments } = base;
  const { drainMs } = config;
  const ownTaskQueue = names.workerTaskQueue(workerId);
  const { shared, opening, held } = loginActivities(base, browser, ownTaskQueue);
  const modelBook = await readModelLimits(config.modelsFile, PROVIDER_NAMES);
  const { activities, capabilities } = turnActivities(base, metrics, modelBook);
  const worker = await createWorker({
    ...common,
    activities: { ...activities, ...shared, ...webhookActivities(base) },
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
    stackTraces: config.stackTraces,
    onRefused: metrics.countRefused,
    drainMs,
    ...(deployments && { version: { deploymentName: deploymentOf(common.taskQueue), buildId } }),
  });
  const own = { ...common, activities, ownTaskQueue: names.ownTurnsTaskQueue(workerId), drainMs };
  const { maxContexts } = config.browser;
  const queues = await modelQueues(modelBook, store.modelCapacity);
  const workers: [Worker, ...Worker[]] = [
    worker,
    ...(isAlone(base) ? [] : [await createOwnWorker(own)]),
    ...(await createBrowserWorkers({ ...common, opening, held, ownTaskQueue, maxContexts })),
    ...(await createModelWorkers({ ...common, activities, queues, drainMs })),
  ];
  const modelTaskQueues = queues.map(({ scope }) => modelTaskQueue(common.taskQueue, scope));
  return { workers, capabilities, modelTaskQueues };
}

/** Starts what the worker does beside its tasks. */
function startRounds(
  base: Base,
  metrics: Metrics,
  { browser, buildId }: Pick<WorkersOf, 'browser' | 'buildId'>,
  running: AsyncDisposableStack,
): void {
  const { config, store, names, feed, notes, noteDelivery, client, gateway, authGateway, webhookGateway } = base;
  const { executions, lostTurns, log, now } = base;
  const { retention } = config;
  const startTurn = gateway.start;
  const reconciler = createReconciler({ store, feed, executions, lostTurns, startTurn, log, now });
  const eraser = createHistoryEraser(client, names.turnWorkflowId);
  running.use(
    startUpkeep({
      store,
      reconciler,
      stuck: createStuckWatch({ client, names, metrics, log }),
      auth: createAuthUpkeep({
        auth: store.auth,
        gateway: authGateway,
        webhookGateway,
        feed,
        browser,
        log,
        now,
      }),
      webhooks: createWebhookUpkeep({ webhooks: store.webhooks, gateway: webhookGateway, now }),
      keeping: createKeeping({ store, notes, noteDelivery, eraser, retention, log, now }),
      noteDelivery,
      ...(retention.deltas !== undefined && { deltasKeptMs: retention.deltas * DAY_MS }),
      startTurn,
      log,
      now,
    }),
  );
  if (process.platform !== 'win32') running.use(mendWorkspaces(workspacesOf(base), log));
  // Turns do not wait for it.
  const registering = base.searchAttributes.register();
  running.defer(() => registering);
  metrics.attach({ figures: async () => ({ reconciler: reconciler.figures() }) });
  if (base.deployments) {
    running.use(startDeploymentUpkeep({ deployments: base.deployments, buildId, metrics, log }));
  }
}

/** Folder of the agents' workspaces. */
const workspacesOf = ({ config }: Base) => path.join(config.dataDir, 'workspaces');

/** True for `npm start` with its own server: there is no other worker. */
function isAlone({ together, config }: Base): boolean {
  return together && config.engine.kind === 'embedded';
}

function turnActivities(base: Base, metrics: Metrics, modelBook: ModelBook) {
  const { config, store, tools, schemas, feed, gateway, executions, names, log, now } = base;
  const models = createModelDirectory(config.models, {}, modelBook);
  const activities = createActivities({
    store,
    tools,
    schemas,
    models,
    modelBook,
    names,
    feed,
    noteDelivery: base.noteDelivery,
    startTurn: gateway.start,
    executions,
    workspacesDir: workspacesOf(base),
    bounds: boundsOf(config.sandbox),
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
  const { config, store, vault, credentials, gateway, webhookGateway, feed, log, now } = base;
  return createAuthActivities({
    auth: store.auth,
    browser,
    vault,
    credentials,
    waiters: store.waiters,
    turnGateway: gateway,
    webhookGateway,
    feed,
    queue,
    limits: config.auth,
    hostedUrl: (connectionId) => `${publicUrlOf(config)}/auth/hosted/${connectionId}`,
    log,
    now,
  });
}

function webhookActivities({ config, store, vault, log, now }: Base) {
  const targets = createWebhookTargets({ allow: config.webhooks.allow });
  return createWebhookActivities({ webhooks: store.webhooks, targets, vault, log, now });
}
