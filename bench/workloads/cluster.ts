import { type Ground, startGround } from '../../test/support/cluster/ground.ts';
import { type Api, createApi, SCRIPT } from '../client/api.ts';
import type { Ends } from '../client/ends.ts';
import { inFlight } from '../client/in-flight.ts';
import { watchPostgresEnds } from '../client/postgres-ends.ts';
import { type Percentiles, percentiles } from '../statistics.ts';
import { type LongturnSystem, type Part, startLongturn } from '../system/longturn.ts';
import { type Reading, startMeter } from '../system/meter.ts';
import { cpuMs, treeCpuMs } from '../system/process-figures.ts';
import { PLAIN_AGENT, putAgents } from './pair.ts';

/** What a turn costs on a cluster, by who spends it. The driver is none of it. */
export const COMPONENTS = [
  'workers',
  'API',
  'frontend, matching',
  'history',
  "engine's PostgreSQL",
  "store's PostgreSQL",
] as const;
export type Component = (typeof COMPONENTS)[number];

/** One measurement with a number of workers. */
export interface ClusterRound {
  workers: number;
  latencyMs: Percentiles;
  perSecond: number;
  /** CPU time a turn, in milliseconds. */
  cpuMs: Record<Component, number>;
  /** Of the driver, which is on the same machine. */
  driverCpuMs: number;
  othersShare: number;
}

interface Load {
  inFlight: number;
  count: number;
}

interface Stage {
  ground: Ground;
  system: LongturnSystem;
  api: Api;
  ends: Ends;
}

const WORKERS: readonly Part[] = ['worker', 'worker2', 'worker3'];

/** Plain turns through one API on a cluster as docker-compose.yml has it, with one worker after another joining. */
export async function measureCluster(rounds: number, load: Load): Promise<ClusterRound[]> {
  await using running = new AsyncDisposableStack();
  const ground = running.use(await startGround({ isDirect: true }));
  const env: Record<string, string> = { ...ground.environmentOf('api'), LONGTURN_LOG_LEVEL: 'warn' };
  const system = running.use(await startLongturn({ parts: ['worker', 'api'], env }));
  const api = running.use(createApi(system));
  const ends = running.use(await watchPostgresEnds(env['LONGTURN_STORE'] ?? ''));
  await putAgents(api);
  const stage = { ground, system, api, ends };
  const found: ClusterRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, part] of WORKERS.entries()) {
      if (index > 0) system.launch(part);
      // Also the time in which a new worker begins to poll, and what a dead one held is given out again.
      await runTurns(stage, { ...load, count: Math.ceil(load.count / 2) });
      found.push(await measure(stage, WORKERS.slice(0, index + 1), load));
    }
    await system.kill9('worker2', 'worker3');
  }
  return found;
}

async function measure(stage: Stage, workers: readonly Part[], load: Load): Promise<ClusterRound> {
  const { ground, system } = stage;
  const { temporal, temporalDb, longturnDb } = ground;
  const [enginePostgres, storePostgres] = [await temporalDb.pid(), await longturnDb.pid()];
  const stop = startMeter({
    workers: () => workers.reduce((sum, part) => sum + cpuMs(system.pid(part)), 0),
    API: system.pid('api'),
    'frontend, matching': temporal.pid('front'),
    history: () => cpuMs(temporal.pid('history1')) + cpuMs(temporal.pid('history2')),
    "engine's PostgreSQL": () => treeCpuMs(enginePostgres),
    "store's PostgreSQL": () => treeCpuMs(storePostgres),
    driver: process.pid,
  } satisfies Record<Component | 'driver', number | (() => number)>);
  const latencies = await runTurns(stage, load);
  return toRound(workers.length, latencies, stop());
}

function toRound(workers: number, latencies: number[], reading: Reading): ClusterRound {
  const turns = latencies.length;
  const each = (name: string) => (reading.cpuMs[name] ?? 0) / turns;
  return {
    workers,
    latencyMs: percentiles(latencies),
    perSecond: (turns / reading.elapsedMs) * 1_000,
    cpuMs: Object.fromEntries(COMPONENTS.map((name) => [name, each(name)])) as Record<Component, number>,
    driverCpuMs: each('driver'),
    othersShare: reading.othersShare,
  };
}

function runTurns({ api, ends }: Stage, load: Load): Promise<number[]> {
  return inFlight(load.count, load.inFlight, async () => {
    const begin = performance.now();
    const turn = await api.startTurn(PLAIN_AGENT, SCRIPT);
    await ends.of(turn.id);
    return performance.now() - begin;
  });
}
