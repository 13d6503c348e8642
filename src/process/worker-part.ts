import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createAuthActivities } from '../activities/auth/create-auth-activities.ts';
import { createActivities } from '../activities/create-activities.ts';
import type { WorkerMetrics } from '../activities/deps.ts';
import type { Metrics } from '../api/metrics.ts';
import { createLoginBrowser } from '../browser/create-login-browser.ts';
import type { LoginBrowser } from '../browser/login-browser.ts';
import { createModelDirectory, PROVIDER_NAMES } from '../models/create-model-directory.ts';
import type { ModelBook } from '../models/model-limits.ts';
import { readModelLimits } from '../models/read-model-limits.ts';
import { connectWorker } from '../temporal/connect.ts';
import { createModelWorkers } from '../temporal/create-model-workers.ts';
import { createBrowserWorkers, createWorker, FORCE_MS, GRACE_MS } from '../temporal/create-worker.ts';
import { createHistoryEraser } from '../temporal/history-eraser.ts';
import { workerIdentity } from '../temporal/pollers.ts';
import { readBacklog } from '../temporal/task-backlog.ts';
import { createAuthUpkeep } from '../upkeep/auth-upkeep.ts';
import { createKeeping } from '../upkeep/keeping.ts';
import { createReconciler } from '../upkeep/reconciler.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import { assertAlone } from './assert-alone.ts';
import { browserFolder } from './browser-folder.ts';
import { modelQueues } from './model-limits.ts';
import type { Base } from './open-base.ts';
import { publicUrlOf } from './public-url.ts';
import { endProcess } from './run-process.ts';
import { installMeasuredRuntime } from './sdk-metrics.ts';

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
  const {
    config,
    engine,
    dataConverter,
    store,
    installation,
    names,
    feed,
    client,
    gateway,
    authGateway,
    executions,
    lostTurns,
    log,
    now,
  } = base;
  const sdkMetrics = await installMeasuredRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  await assertAlone({ client, taskQueue: names.taskQueue, installation, workers: store.workers, log });
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  const startTurn = gateway.start;
  const ownTaskQueue = names.workerTaskQueue(workerId);
  const { taskQueue } = names;
  log.info({ installation: installation.id, taskQueue, workerId }, 'this worker belongs to its installation');
  const browser = running.use(loginBrowser(base));
  const auth = loginActivities(base, browser, ownTaskQueue);
  const identity = workerIdentity(installation.id, workerId);
  const common = { connection, namespace: engine.namespace, dataConverter, taskQueue, identity };
  const modelBook = await readModelLimits(config.modelsFile, PROVIDER_NAMES);
  const turns = turnActivities(base, metrics, modelBook);
  const worker = await createWorker({
    ...common,
    activities: { ...turns, ...auth.shared },
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
  });
  const { maxContexts } = config.browser;
  const { opening, held } = auth;
  const workers = [
    worker,
    ...(await createBrowserWorkers({ ...common, opening, held, ownTaskQueue, maxContexts })),
    ...(await createModelWorkers({
      ...common,
      activities: turns,
      queues: await modelQueues(modelBook, store.modelCapacity),
      graceMs: GRACE_MS,
      forceMs: FORCE_MS,
    })),
  ];
  const ends = workers.map((each) => each.run().catch((error) => endProcess(log, error)));
  running.defer(async () => {
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
    await Promise.all(ends);
  });
  const reconciler = createReconciler({ store, feed, executions, lostTurns, startTurn, log, now });
  const polls = () => worker.getState() === 'RUNNING';
  const authUpkeep = createAuthUpkeep({ auth: store.auth, gateway: authGateway, feed, browser, log, now });
  const { retention } = config;
  const eraser = createHistoryEraser(client, names.turnWorkflowId);
  const keeping = createKeeping({ store, eraser, retention, log, now });
  running.use(
    startUpkeep({
      workerId,
      polls,
      store,
      reconciler,
      auth: authUpkeep,
      keeping,
      ...(retention.deltas !== undefined && { deltasKeptMs: retention.deltas * DAY_MS }),
      startTurn,
      log,
      now,
    }),
  );
  // Turns do not wait for it.
  const registering = base.searchAttributes.register();
  running.defer(() => registering);
  metrics.attach({ text: sdkMetrics });
  metrics.attach({ figures: async () => ({ reconciler: reconciler.figures() }) });
  metrics.attach({ figures: async () => ({ backlog: await readBacklog(client, [taskQueue]) }) });
  return { polls };
}

function turnActivities(
  { config, store, tools, feed, gateway, executions, log, now }: Base,
  metrics: WorkerMetrics,
  modelBook: ModelBook,
) {
  return createActivities({
    store,
    tools,
    models: createModelDirectory(config.models, {}, modelBook),
    modelBook,
    feed,
    startTurn: gateway.start,
    executions,
    workspacesDir: path.join(config.dataDir, 'workspaces'),
    metrics,
    log,
    now,
  });
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
