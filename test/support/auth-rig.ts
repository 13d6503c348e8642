import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { createAuthActivities } from '../../src/activities/auth/create-auth-activities.ts';
import { createWebhookActivities } from '../../src/activities/webhooks/create-webhook-activities.ts';
import type { ConnectionSettings, FlowView, SecretRef } from '../../src/contract/index.ts';
import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import { createLogger } from '../../src/logger.ts';
import { createVault } from '../../src/secrets/create-vault.ts';
import type { Vault } from '../../src/secrets/vault.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { AuthGateway, FlowLimits } from '../../src/temporal/auth/auth-gateway.ts';
import { createAuthGateway } from '../../src/temporal/auth/create-auth-gateway.ts';
import { createBrowserWorkers } from '../../src/temporal/auth/create-browser-workers.ts';
import { connectClient, connectWorker, localEngine } from '../../src/temporal/connect.ts';
import { createWorker } from '../../src/temporal/create-worker.ts';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { createTurnGateway } from '../../src/temporal/turn/create-turn-gateway.ts';
import { createWebhookGateway } from '../../src/temporal/webhooks/create-webhook-gateway.ts';
import type { WebhookGateway } from '../../src/temporal/webhooks/webhook-gateway.ts';
import { createWebhookTargets } from '../../src/webhooks/webhook-targets.ts';
import { openingTaskQueue } from '../../src/workflows/auth/activities.ts';
import { replayWorkflows } from './auth-rig-replay.ts';
import { newKeyring } from './encryption.ts';
import { poll } from './poll.ts';
import { createScriptedBrowser, type ScriptedBrowser, type ScriptedSite } from './scripted-browser.ts';
import { type ScriptedCredential, scriptedCredentials } from './scripted-credentials.ts';

const BY = { tokenId: 'token-anna', name: 'anna' };
export const LIMITS: FlowLimits = { inputTimeoutMs: 60_000, flowTimeoutMs: 120_000, parkAfterMs: 60_000 };

/** One worker process in little: a browser, and the three queues. */
interface RigWorker {
  browser: ScriptedBrowser;
  stop(): Promise<void>;
}

/** Workflows of managed auth on a real server and store; site and credentials are scripted. */
export interface AuthRig extends AsyncDisposable {
  client: Client;
  store: Store;
  gateway: AuthGateway;
  webhookGateway: WebhookGateway;
  vault: Vault;
  credential: ScriptedCredential;
  kept: Record<string, string>[];
  workers: RigWorker[];
  /** `bundleFile`: of other workflow code than the tree's. `own`: another store. */
  addWorker(other?: { bundleFile?: string; own?: Store }): Promise<RigWorker>;
  connect(settings?: Partial<ConnectionSettings>): Promise<string>;
  login(connectionId: string, limits?: Partial<FlowLimits>): Promise<string>;
  /** Waits until the stored view fits. */
  until(flowId: string, fits: (view: FlowView) => boolean): Promise<FlowView>;
  awaitInput(flowId: string, after?: FlowView): Promise<FlowView>;
  answer(flowId: string, view: FlowView, values: Record<string, string>): Promise<FlowView>;
  keepSecret(flowId: string, view: FlowView, value: string): Promise<SecretRef>;
  /** How many openings wait in the engine's queue. */
  waitingForBrowser(): Promise<number>;
  /** Ends the workflow of a flow from outside, as an operator would in the Temporal UI. */
  terminate(flowId: string): Promise<void>;
  /** The same for the workflow of a connection. */
  close(connectionId: string): Promise<void>;
  /**
   * Replays every workflow of the rig; throws on the first that goes another way. Those of a named story are replayed on the
   * last release's code too, and with `RECORD_HISTORIES` written down under its name.
   */
  replay(story: string): Promise<number>;
}

let rigs = 0;

async function createAuthRig(site: ScriptedSite, maxContexts?: number): Promise<AuthRig> {
  const running = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'longturn-auth-rig-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  const log = createLogger({ level: process.env['LONGTURN_TEST_LOG'] === 'on' ? 'debug' : 'silent' });
  const engine = localEngine(engineOfTheRun(), 'default');
  const keyring = newKeyring('rig');
  const vault = createVault(keyring);
  const dataConverter = createDataConverter(keyring);
  const store = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
  const feed = running.use(createInProcessFeed(true));
  const client = await connectClient(engine, dataConverter);
  running.defer(() => client.connection.close());
  rigs += 1;
  const prefix = `auth-rig-${process.pid}-${rigs}-${Date.now().toString(36)}`;
  const gateway = createAuthGateway(client, { taskQueue: prefix });
  const turnGateway = createTurnGateway(client, { taskQueue: prefix });
  const webhookGateway = createWebhookGateway(client, { taskQueue: prefix });
  const credential: ScriptedCredential = { current: undefined };
  const kept: AuthRig['kept'] = [];
  const workers: RigWorker[] = [];
  const ids: string[] = [];
  let secrets = 0;
  let answers = 0;
  let made = 0;

  const addWorker: AuthRig['addWorker'] = async ({
    bundleFile = resolve('dist/workflow-bundle.js'),
    own = store,
  } = {}) => {
    const browser = createScriptedBrowser(site, maxContexts);
    const queue = `${prefix}:${workers.length}`;
    const { shared, opening, held } = createAuthActivities({
      auth: own.auth,
      browser,
      vault,
      credentials: scriptedCredentials(credential, kept),
      waiters: own.waiters,
      turnGateway,
      webhookGateway,
      feed,
      queue,
      limits: LIMITS,
      previews: site.preview !== undefined,
      hostedUrl: () => null,
      log,
      now: () => new Date(),
    });
    const webhooks = createWebhookActivities({
      webhooks: own.webhooks,
      targets: createWebhookTargets({ allow: [] }),
      vault,
      log,
      now: () => new Date(),
    });
    // One connection serves one worker of a queue.
    const connection = await connectWorker(engine);
    running.defer(() => connection.close());
    const common = { connection, namespace: 'default', dataConverter };
    const all = [
      await createWorker({
        ...common,
        activities: { ...shared, ...webhooks },
        feed,
        bundleFile,
        maxCachedWorkflows: 100,
        taskQueue: prefix,
      }),
      ...(await createBrowserWorkers({
        ...common,
        opening,
        held,
        ownTaskQueue: queue,
        maxContexts: maxContexts ?? 20,
        taskQueue: prefix,
      })),
    ];
    const ends = all.map((worker) => worker.run());
    const rigWorker: RigWorker = {
      browser,
      async stop() {
        for (const worker of all) if (worker.getState() === 'RUNNING') worker.shutdown();
        await Promise.all(ends);
      },
    };
    workers.push(rigWorker);
    running.defer(rigWorker.stop);
    return rigWorker;
  };
  await addWorker();

  const until: AuthRig['until'] = (flowId, fits) =>
    poll(
      async () => {
        const view = (await store.auth.flows.get(flowId))?.view;
        return view && fits(view) ? view : undefined;
      },
      { timeoutMs: 20_000, what: `a view of ${flowId}` },
    );
  const keepSecret: AuthRig['keepSecret'] = async (flowId, view, value) => {
    secrets += 1;
    const id = `sec_${secrets}`;
    const interactionId = view.interaction_id ?? '';
    const sealed = vault.seal(value, { use: 'submitted', flowId, interactionId, secretId: id });
    await store.auth.secrets.put([{ id, flowId, interactionId, sealed, expiresAt: view.flow_expires_at }]);
    return { secretId: id };
  };

  return {
    client,
    store,
    gateway,
    webhookGateway,
    vault,
    credential,
    kept,
    workers,
    addWorker,
    keepSecret,
    until,
    async connect(settings = {}) {
      made += 1;
      const id = `conn_${prefix}_${made}`;
      ids.push(`auth:${id}`);
      await store.auth.connections.create({
        id,
        profile: { id: `prf_${id}`, name: `profile-${made}` },
        domain: 'site.example',
        settings: {
          allowedDomains: [],
          saveCredentials: false,
          healthChecks: false,
          autoReauth: true,
          healthCheckIntervalS: 300,
          ...settings,
        },
        at: new Date().toISOString(),
      });
      return id;
    },
    async login(connectionId, limits = {}) {
      made += 1;
      const flowId = `flow_${prefix}_${made}`;
      const newest = (await store.auth.connections.get(connectionId))?.flowId;
      const before = newest === undefined ? undefined : await store.auth.flows.get(newest);
      const view = await gateway.login({
        connectionId,
        flowId,
        ...(before?.endedAt !== undefined && { ended: before.id }),
        hostedUrl: null,
        limits: { ...LIMITS, ...limits },
        by: BY,
      });
      ids.push(`auth-flow:${flowId}`);
      await store.auth.flows.put({ connectionId, view, at: new Date().toISOString(), startedBy: BY.tokenId });
      return flowId;
    },
    awaitInput: (flowId, after) =>
      until(
        flowId,
        ({ flow_step, revision }) => flow_step === 'AWAITING_INPUT' && revision > (after?.revision ?? 0),
      ),
    async answer(flowId, view, values) {
      answers += 1;
      const updateId = `upd_${prefix}_${answers}`;
      const refs: Record<string, SecretRef> = {};
      for (const [key, value] of Object.entries(values)) refs[key] = await keepSecret(flowId, view, value);
      const message = {
        ...(view.interaction_id && { interactionId: view.interaction_id }),
        answer: { mode: 'fields' as const, by: 'name' as const, values: refs },
        updateId,
        by: BY,
        via: 'test',
      };
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const delivery = await gateway.submit(flowId, message);
        if (delivery.delivery === 'answered') return delivery.result;
      }
      throw new Error(`No worker has answered ${updateId}.`);
    },
    async waitingForBrowser() {
      const { stats } = await client.workflowService.describeTaskQueue({
        namespace: 'default',
        taskQueue: { name: openingTaskQueue(prefix) },
        taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        reportStats: true,
      });
      return Number(stats?.approximateBacklogCount ?? 0);
    },
    async close(connectionId) {
      await client.workflow.getHandle(`auth:${connectionId}`).terminate('by hand');
    },
    async terminate(flowId) {
      await client.workflow.getHandle(`auth-flow:${flowId}`).terminate('by hand');
    },
    replay: (story) => replayWorkflows({ client, dataConverter }, ids, story),
    async [Symbol.asyncDispose]() {
      await replayWorkflows({ client, dataConverter }, ids);
      for (const workflowId of ids) {
        await client.workflow
          .getHandle(workflowId)
          .terminate('the test is over')
          .catch(() => undefined);
      }
      await running.disposeAsync();
    },
  };
}

/** Registers a hook that ends the rigs of each test; returns what makes them. */
export function useAuthRigs(): typeof createAuthRig {
  const open: AuthRig[] = [];
  afterEach(async () => {
    for (const rig of open.splice(0)) await rig[Symbol.asyncDispose]();
  });
  return async (...args) => {
    const rig = await createAuthRig(...args);
    open.push(rig);
    return rig;
  };
}

function engineOfTheRun(): string {
  const address = process.env['LONGTURN_TEST_ENGINE'];
  if (!address) throw new Error('The engine of the run is not there: select the project "workflow".');
  return address;
}
