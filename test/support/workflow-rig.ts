import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { createActivities } from '../../src/activities/create-activities.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import type { LiveFeed } from '../../src/feed/live-feed.ts';
import { createLogger } from '../../src/logger.ts';
import { createModelDirectory } from '../../src/models/create-model-directory.ts';
import type { ModelBook } from '../../src/models/model-limits.ts';
import type { ModelProvider } from '../../src/models/model-provider.ts';
import type { NoteDelivery } from '../../src/notes/note-delivery.ts';
import type { NoteStore, Notes } from '../../src/notes/note-store.ts';
import { builtInTools } from '../../src/process/capabilities/all.ts';
import { modelQueues } from '../../src/process/model-limits.ts';
import type { Keyring } from '../../src/secrets/keyring.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import { connectClient, connectWorker, localEngine } from '../../src/temporal/connect.ts';
import { createWorker, installRuntime, type WorkerDeps } from '../../src/temporal/create-worker.ts';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { createNames, type Names, UNNAMED } from '../../src/temporal/names.ts';
import { createModelWorkers } from '../../src/temporal/turn/create-model-workers.ts';
import { createOwnWorker } from '../../src/temporal/turn/create-own-worker.ts';
import { createTurnGateway } from '../../src/temporal/turn/create-turn-gateway.ts';
import { createTurnExecutions, type TurnExecutions } from '../../src/temporal/turn/turn-executions.ts';
import type { TurnGateway, TurnToStart } from '../../src/temporal/turn/turn-gateway.ts';
import { createTurnObserver, type TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { createSchemaChecker } from '../../src/tools/schema-checker.ts';
import { createLostTurns, type LostTurns } from '../../src/upkeep/turn/lost-turns.ts';
import { createReconciler, type Reconciler } from '../../src/upkeep/turn/reconciler.ts';
import type { TurnActivities } from '../../src/workflows/turn/turn-activities.ts';
import { newKeyring } from './encryption.ts';
import { type FakeTool, withTools } from './fake-tools.ts';
import { notesOf } from './notes-of.ts';
import { createRigTurns, type RigTurns } from './rig-turns.ts';
import { createVerification, type TestedRun } from './rig-verify.ts';
import { createWorkerSwitch, type Interceptors, intercepted, recordStarts } from './rig-workers.ts';
import { createScriptedModel, type ScriptedModel } from './scripted-model.ts';

export interface RigOptions {
  tools?: FakeTool[];
  models?: Record<string, ModelProvider>;
  /** What is configured of models; default: nothing. */
  modelBook?: ModelBook;
  /** A note store that stands elsewhere, and how long it is waited for; default: the one in the store. */
  noteStore?: { elsewhere: NoteStore; attemptMs: number };
  /** How many processes there are for models that are limited; default 1. */
  modelProcesses?: number;
  /** Address of another server than the one of the run. */
  engine?: string;
  /** How often a wait for a login looks unwoken, in milliseconds; default 60,000. */
  profileLookMs?: number;
  /** Default: a file of the rig's own, deleted at the end. */
  storeFile?: string;
  /** Whether the queue and the workflow ids are those of the store's installation; default: a queue of the rig's own, ids without one. */
  installed?: boolean;
  /** What the engine calls the worker. */
  identity?: string;
  /** A queue that several rigs share. */
  taskQueue?: string;
  /** Encrypts what goes to the engine; default: a key of the rig's own. */
  keyring?: Keyring;
}

/** A real worker with real activities over a real store, on a real server; only model and side effects are scripted. */
export interface WorkflowRig extends RigTurns, AsyncDisposable {
  client: Client;
  /** What the rig's workflows are called. */
  names: Names;
  dataConverter: DataConverter;
  store: Store;
  gateway: TurnGateway;
  observer: TurnObserver;
  feed: LiveFeed;
  model: ScriptedModel;
  notes: Notes;
  noteDelivery: NoteDelivery;
  executions: TurnExecutions;
  lostTurns: LostTurns;
  /** Its clock is ahead, so that every turn is old enough to be checked. */
  reconciler: Reconciler;
  /** The worker's log, parsed. */
  logged: Record<string, unknown>[];
  /** Faults of this test, by activity. */
  intercept: Interceptors;
  /** How much later it is for tools than it is, in milliseconds. */
  toolClock: { aheadMs: number };
  /** What stands before the start of a workflow; throws where a start is to be lost. */
  beforeStart: { run: (turn: TurnToStart) => void };
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  /** Starts one more worker on the rig's queue, with other code or another tool registry; returns what stops it. */
  addWorker(other: OtherWorker): Promise<() => Promise<void>>;
  /** Says that the rig's own worker is there with these capabilities, and serves its own queue; returns what ends that. */
  announce(capabilities: string[]): Promise<() => Promise<void>>;
  /** The rig's activities over other things, such as fewer tools. */
  activitiesWith(other: Partial<ActivityDeps>): TurnActivities;
  readonly taskQueue: string;
  /** This turn may be unfinished when its test ends. */
  leaveOpen(turnId: string, reason: string): void;
  /**
   * Checks and replays every finished workflow, which must do and say the same; an unfinished one is an error.
   * `bundleFile`: the code that replays; default: today's.
   */
  verify(bundleFile?: string): Promise<void>;
  /** The same when a test ends, but that the replay is left to {@link replayChecked}. */
  check(): Promise<void>;
  /** Replays what was checked since. */
  replayChecked(): Promise<void>;
}

/** What distinguishes a worker from the rig's own. */
export interface OtherWorker {
  /** File of its workflow code. */
  bundleFile?: string;
  activities?: TurnActivities;
  workerOptions?: Partial<WorkerDeps>;
}

const BUNDLE_FILE = resolve('dist/workflow-bundle.js');

/** By how much the reconciler's clock is ahead: wrong clocks must not matter. In milliseconds. */
const RECONCILED_AHEAD_MS = 120_000;

let rigs = 0;
let runtimeInstalled = false;

export async function createWorkflowRig(options: RigOptions = {}): Promise<WorkflowRig> {
  const running = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'longturn-rig-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  const logged: WorkflowRig['logged'] = [];
  const log = createLogger({ level: 'debug', destination: linesInto(logged) });
  if (!runtimeInstalled) installRuntime(log);
  runtimeInstalled = true;

  const engine = localEngine(options.engine ?? engineOfTheRun(), 'default');
  const store = running.use(
    await createStore({ kind: 'sqlite', file: options.storeFile ?? join(folder, 'store.db') }),
  );
  const names = options.installed ? createNames(await store.installation.get()) : UNNAMED;
  const feed = running.use(createInProcessFeed(true));
  const dataConverter = createDataConverter(options.keyring ?? newKeyring('rig'));
  const client = await connectClient(engine, dataConverter);
  running.defer(() => client.connection.close());
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());

  rigs += 1;
  const ownQueue = `rig-${process.pid}-${rigs}-${Date.now().toString(36)}`;
  const taskQueue = options.taskQueue ?? (options.installed ? names.taskQueue : ownQueue);
  const started = new Set<string>();
  const beforeStart: WorkflowRig['beforeStart'] = { run: () => {} };
  const gateway = recordStarts(
    createTurnGateway(client, {
      names,
      taskQueue,
      deployOf: async (name) => (await store.agents.get(name))?.deploy,
    }),
    started,
    beforeStart,
  );
  const observer = createTurnObserver(client, names);
  const executions = createTurnExecutions(client, names);
  const model = createScriptedModel();
  const intercept: WorkflowRig['intercept'] = {};
  const toolClock = { aheadMs: 0 };
  const { notes, noteDelivery } = notesOf(store, { log, ...options.noteStore });
  running.use(noteDelivery);
  const builtIn = builtInTools({
    notes,
    auth: store.auth,
    waiters: store.waiters,
    httpFetchAllow: [],
    now: () => new Date(Date.now() + toolClock.aheadMs),
    ...(options.profileLookMs !== undefined && { profileLookMs: options.profileLookMs }),
  });
  const activityDeps: ActivityDeps = {
    store,
    schemas: running.use(createSchemaChecker()),
    tools: withTools(builtIn, options.tools ?? []),
    models: createModelDirectory({}, { scripted: model.provider, ...options.models }, options.modelBook),
    ...(options.modelBook && { modelBook: options.modelBook }),
    names,
    feed,
    noteDelivery,
    startTurn: gateway.start,
    executions,
    workspacesDir: join(folder, 'workspaces'),
    metrics: { observeModelCall() {}, observeToolCall() {}, countLeft() {} },
    capabilityPatienceMs: 0,
    log,
    now: () => new Date(),
  };
  const activities = intercepted(createActivities(activityDeps), intercept);
  const createOther = (other: OtherWorker = {}) =>
    createWorker({
      connection,
      namespace: 'default',
      dataConverter,
      activities: other.activities ?? activities,
      feed,
      bundleFile: other.bundleFile ?? BUNDLE_FILE,
      maxCachedWorkflows: 100,
      taskQueue,
      ...(options.identity !== undefined && { identity: options.identity }),
      ...other.workerOptions,
    });
  const worker = createWorkerSwitch(() => createOther());
  await worker.start();
  running.defer(worker.stop);
  const { modelBook, modelProcesses = 1 } = options;
  for (let process = 0; modelBook && process < modelProcesses; process += 1) {
    const queues = await modelQueues(modelBook, store.modelCapacity);
    const own = await connectWorker(engine);
    running.defer(() => own.close());
    const common = { connection: own, namespace: 'default', dataConverter, taskQueue };
    const workers = await createModelWorkers({
      ...common,
      activities,
      queues,
      drainMs: 1_000,
    });
    for (const each of workers) {
      const polling = each.run();
      running.defer(async () => {
        each.shutdown();
        await polling;
      });
    }
  }

  const lostTurns = createLostTurns({
    store,
    feed,
    executions,
    observer,
    noteDelivery,
    startTurn: gateway.start,
    log,
    now: () => new Date(),
  });
  const open = new Map<string, string>();
  const deps = { client, names, store, gateway, observer, model };
  const verification = createVerification({ ...deps, dataConverter });
  const checked: TestedRun[] = [];
  const check = async () => {
    for (const name of Object.keys(intercept)) delete intercept[name as keyof TurnActivities];
    beforeStart.run = () => {};
    toolClock.aheadMs = 0;
    const turnIds = [...started];
    started.clear();
    const runs = await verification.check(turnIds, open);
    const faults = model.takeFaults();
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return runs;
  };
  return {
    ...deps,
    dataConverter,
    ...createRigTurns(deps),
    feed,
    notes,
    noteDelivery,
    executions,
    lostTurns,
    reconciler: createReconciler({
      executions,
      lostTurns,
      store,
      feed,
      startTurn: gateway.start,
      log,
      now: () => new Date(Date.now() + RECONCILED_AHEAD_MS),
    }),
    logged,
    intercept,
    toolClock,
    beforeStart,
    startWorker: worker.start,
    stopWorker: worker.stop,
    async announce(capabilities) {
      const id = `capable-${taskQueue}`;
      const ownTaskQueue = names.ownTurnsTaskQueue(id);
      const own = { connection, namespace: 'default', dataConverter, activities, ownTaskQueue };
      const added = createWorkerSwitch(() => createOwnWorker(own));
      await added.start();
      running.defer(added.stop);
      const about = { buildId: 'b', startedAt: new Date().toISOString(), capabilities, draining: false };
      await store.workers.beat(id, new Date(Date.now() + 3_600_000).toISOString(), about);
      return async () => {
        await store.workers.leave(id, new Date().toISOString());
        await added.stop();
      };
    },
    activitiesWith: (other) => createActivities({ ...activityDeps, ...other }),
    taskQueue,
    async addWorker(other) {
      // One connection serves one worker of a queue.
      const own = await connectWorker(engine);
      running.defer(() => own.close());
      const workerOptions = { connection: own, ...other.workerOptions };
      const added = createWorkerSwitch(() => createOther({ ...other, workerOptions }));
      await added.start();
      running.defer(added.stop);
      return added.stop;
    },
    leaveOpen: (turnId, reason) => open.set(turnId, reason),
    async verify(bundleFile = BUNDLE_FILE) {
      await verification.replay(await check(), bundleFile);
    },
    async check() {
      checked.push(...(await check()));
    },
    replayChecked: () => verification.replay(checked.splice(0), BUNDLE_FILE),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** How long the checks may take, in milliseconds: they read and replay every turn, of which there may be hundreds. */
const VERIFY_MS = 300_000;

/** One rig for all tests of a file, with its check after each of them, and a replay of all their turns at the end. */
export function useWorkflowRig(options: RigOptions = {}): () => WorkflowRig {
  let rig: WorkflowRig | undefined;
  const current = () => {
    if (!rig) throw new Error('The rig is there in tests only.');
    return rig;
  };
  beforeAll(async () => {
    rig = await createWorkflowRig(options);
  });
  afterEach(() => current().check(), VERIFY_MS);
  afterAll(async () => {
    try {
      await rig?.replayChecked();
    } finally {
      await rig?.[Symbol.asyncDispose]();
    }
  }, VERIFY_MS);
  return current;
}

function engineOfTheRun(): string {
  const address = process.env['LONGTURN_TEST_ENGINE'];
  if (!address) throw new Error('No test engine: run this file in the project "workflow" or "api".');
  return address;
}

function linesInto(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()));
      done();
    },
  });
}
