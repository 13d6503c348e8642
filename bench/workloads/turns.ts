import { SCRIPT } from '../client/api.ts';
import { watchEnds } from '../client/ends.ts';
import { inFlight } from '../client/in-flight.ts';
import { readTurn } from '../client/turn-reader.ts';
import { type Percentiles, percentiles } from '../statistics.ts';
import { type Reading, startMeter } from '../system/meter.ts';
import { alternate, type Pair, PLAIN_AGENT } from './pair.ts';

/** How a turn was watched: by an SSE reader of its own, by nobody; or the baseline's. */
export const SIDES = ['with a reader', 'without readers', 'bare'] as const;
export type Side = (typeof SIDES)[number];

/** One round of one side. */
export interface TurnRound {
  latencyMs: Percentiles;
  perSecond: number;
  /** CPU time of worker, API and client's side of the engine, and of the engine, each per turn. */
  appCpuMs: number;
  engineCpuMs: number;
  /** Share of the machine that other programs took meanwhile. */
  othersShare: number;
}

export interface TurnCell {
  inFlight: number;
  count: number;
  sides: Record<Side, TurnRound[]>;
}

/** How often rows are looked at where nobody reads, in milliseconds. */
const LOOK_MS = { alone: 2, many: 5 } as const;

/** Plain turns at some widths, both sides in turn. */
export async function measureTurns(
  pair: Pair,
  rounds: number,
  loads: readonly { inFlight: number; count: number }[],
): Promise<TurnCell[]> {
  const cells = loads.map((load): TurnCell => ({ ...load, sides: emptySides() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const cell of cells) {
      await alternate(
        round,
        SIDES.map((side) => async () => {
          cell.sides[side].push(await measureSide(pair, side, cell));
        }),
      );
    }
  }
  return cells;
}

/** Both sides once, so that nothing is measured cold. */
export async function warmUp(pair: Pair, count: number): Promise<void> {
  for (const side of SIDES) await runSide(pair, side, { inFlight: 10, count });
}

function emptySides(): Record<Side, TurnRound[]> {
  return { 'with a reader': [], 'without readers': [], bare: [] };
}

interface Load {
  inFlight: number;
  count: number;
}

async function measureSide(pair: Pair, side: Side, load: Load): Promise<TurnRound> {
  const { longturn, bare } = pair;
  const [app, engine] =
    side === 'bare' ? [bare.pid, bare.enginePid] : [longturn.pid('main'), longturn.enginePid()];
  const stop = startMeter({ app, engine, driver: process.pid });
  const latencies = await runSide(pair, side, load);
  return toRound(latencies, stop());
}

function toRound(latencies: number[], { elapsedMs, cpuMs, othersShare }: Reading): TurnRound {
  return {
    latencyMs: percentiles(latencies),
    perSecond: (latencies.length / elapsedMs) * 1_000,
    appCpuMs: (cpuMs['app'] ?? 0) / latencies.length,
    engineCpuMs: (cpuMs['engine'] ?? 0) / latencies.length,
    othersShare,
  };
}

async function runSide(pair: Pair, side: Side, load: Load): Promise<number[]> {
  switch (side) {
    case 'with a reader':
      return await withReader(pair, load);
    case 'without readers':
      return await withoutReaders(pair, load);
    case 'bare':
      return (await pair.bare.run({ kind: 'plain', ...load })).latenciesMs;
  }
}

/** POST until the terminal event has arrived over SSE; the reader connects as soon as it knows the turn's id. */
function withReader({ api }: Pair, load: Load): Promise<number[]> {
  return inFlight(load.count, load.inFlight, async () => {
    const begin = performance.now();
    const turn = await api.startTurn(PLAIN_AGENT, SCRIPT);
    const reader = await readTurn(api, turn.id);
    await reader.completed;
    return performance.now() - begin;
  });
}

/** POST until the row says that the turn has ended. */
async function withoutReaders({ api, eye }: Pair, load: Load): Promise<number[]> {
  using ends = watchEnds(eye, load.inFlight === 1 ? LOOK_MS.alone : LOOK_MS.many);
  return await inFlight(load.count, load.inFlight, async () => {
    const begin = performance.now();
    const turn = await api.startTurn(PLAIN_AGENT, SCRIPT);
    await ends.of(turn.id);
    return performance.now() - begin;
  });
}
