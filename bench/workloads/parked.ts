import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../test/support/poll.ts';
import { freePort } from '../../test/support/processes.ts';
import { type Api, createApi, SCRIPT } from '../client/api.ts';
import { decideStubbornly } from '../client/decide-stubbornly.ts';
import { watchEnds } from '../client/ends.ts';
import { inFlight } from '../client/in-flight.ts';
import { openStoreEye, type StoreEye } from '../client/store-eye.ts';
import { readTurn } from '../client/turn-reader.ts';
import { connectInspector, type Inspector } from '../system/inspector.ts';
import { type LongturnSystem, startLongturn } from '../system/longturn.ts';
import { memoryOf } from '../system/process-figures.ts';
import { ASKING_AGENT, PLAIN_AGENT, putAgents } from './pair.ts';

/** Starts and decisions that are under way at once. */
const WIDTH = 50;
/** How long the process may come to rest before its memory is read, in milliseconds. */
const REST_MS = 3_000;

/** Memory of the process of worker and API after its garbage was collected, in KiB. */
export interface MemoryReading {
  rss: number;
  pss: number;
  /** Of all threads' JavaScript heaps. */
  heap: number;
}

/** Turns that wait for a decision: what they hold, and what a crash costs. */
export interface ParkedFigures {
  turns: number;
  parkedPerSecond: number;
  recoveries: RecoveryFigures[];
  /** All decisions sent and all turns ended, after the last crash, so that every one is replayed first. */
  approveAllMs: number;
}

/** `kill -9` of everything, new start at once. */
export interface RecoveryFigures {
  readyMs: number;
  firstDoneMs: number;
}

interface Parking extends AsyncDisposable {
  system: LongturnSystem;
  api: Api;
  eye: StoreEye;
}

async function openParking(env: Record<string, string>, nodeArgs: string[]): Promise<Parking> {
  const running = new AsyncDisposableStack();
  const system = running.use(await startLongturn({ env, nodeArgs }));
  const api = running.use(createApi(system));
  const eye = running.use(openStoreEye(system.dataDir));
  await putAgents(api);
  return { system, api, eye, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Parks turns until so many wait; answers how many a second. */
async function parkUpTo({ api, eye }: Parking, total: number): Promise<number> {
  const missing = total - eye.waitingCount();
  const begin = performance.now();
  await inFlight(missing, WIDTH, () => api.startTurn(ASKING_AGENT, SCRIPT));
  await poll(() => eye.waitingCount() >= total, {
    what: `${total} turns wait`,
    timeoutMs: 600_000,
    everyMs: 10,
  });
  return (missing / (performance.now() - begin)) * 1_000;
}

/** Parks turns, kills everything some times, approves one after each time and all others at the end. */
export async function measureParked(turns: number, kills: number): Promise<ParkedFigures> {
  await using parking = await openParking({}, []);
  const { api, eye } = parking;
  const parkedPerSecond = await parkUpTo(parking, turns);
  const approvals = await api.pending(ASKING_AGENT);
  const recoveries: RecoveryFigures[] = [];
  for (const { turnId, callId } of approvals.splice(0, kills)) {
    recoveries.push(await recover(parking, turnId, callId));
  }

  const begin = performance.now();
  await inFlight(approvals.length, WIDTH, (index) => {
    const { turnId = '', callId = '' } = approvals[index] ?? {};
    return decideStubbornly(api, turnId, callId);
  });
  await poll(() => eye.openCount() === 0, { what: 'all turns have ended', timeoutMs: 600_000, everyMs: 10 });
  return { turns, parkedPerSecond, recoveries, approveAllMs: performance.now() - begin };
}

async function recover({ system, api }: Parking, turnId: string, callId: string): Promise<RecoveryFigures> {
  // What was just done is on disk, and the process at rest, as when a machine fails at night.
  await delay(500);
  const begin = performance.now();
  await system.kill9('main');
  system.launch('main');
  await system.ready();
  const readyMs = performance.now() - begin;
  const reader = await readTurn(api, turnId);
  await decideStubbornly(api, turnId, callId);
  await reader.completed;
  return { readyMs, firstDoneMs: performance.now() - begin };
}

/** Memory at some numbers of parked turns, with a workflow cache of that many; each reading after a collection. */
export async function measureParkedMemory(
  cachedWorkflows: number,
  steps: readonly number[],
): Promise<{ parked: number; memory: MemoryReading }[]> {
  const port = await freePort();
  await using parking = await openParking({ LONGTURN_MAX_CACHED_WORKFLOWS: String(cachedWorkflows) }, [
    `--inspect=127.0.0.1:${port}`,
  ]);
  using inspector = await connectInspector(port);
  // As many turns as will be parked have come and gone before anything is counted: what the process keeps of busy times
  // (compiled code, pools, heap pages) is not the price of a parked turn.
  using ends = watchEnds(parking.eye, 5);
  await inFlight(steps.at(-1) ?? 0, WIDTH, async () => {
    const turn = await parking.api.startTurn(PLAIN_AGENT, SCRIPT);
    await ends.of(turn.id);
  });
  const readings: { parked: number; memory: MemoryReading }[] = [];
  for (const parked of steps) {
    await parkUpTo(parking, parked);
    readings.push({ parked, memory: await readMemory(parking.system, inspector) });
  }
  return readings;
}

/** Memory of `main` after a rest and a collection. */
export async function readMemory(system: LongturnSystem, inspector: Inspector): Promise<MemoryReading> {
  await delay(REST_MS);
  const heap = await inspector.collectGarbage();
  // Freed pages go back to the system a moment later.
  await delay(REST_MS);
  return { ...memoryOf(system.pid('main')), heap };
}
