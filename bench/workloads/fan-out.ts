import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Turn } from '../../src/contract/index.ts';
import { poll } from '../../test/support/poll.ts';
import { type Api, createApi } from '../client/api.ts';
import type { ReadersOpened, ReadersOrder, ReadersReport } from '../readers/readers.ts';
import { NODE, ROOT } from '../system/environment.ts';
import { type LongturnSystem, startLongturn } from '../system/longturn.ts';
import { startMeter } from '../system/meter.ts';

/** How one turn's frames come about. */
export type FanOutKind = 'events' | 'deltas';

export interface FanOutRound {
  kind: FanOutKind;
  readers: number;
  openedMs: number;
  report: ReadersReport;
  /** CPU of worker and API from the first frame to the end, in milliseconds. */
  appCpuMs: number;
  othersShare: number;
}

/** Frames of a turn. */
const FRAMES = 100;
/** Between two frames, in milliseconds. */
const GAP_MS = 50;
const CLIENT_TOOL = 'bench_answer';
const AGENT = 'bench-fan-out';
/** Deltas begin this long after the turn, in milliseconds: by then all readers are there. */
const READERS_WITHIN_MS = 6_000;

/** A system for fan-out, kept over the rounds. */
export interface FanOut extends AsyncDisposable {
  measure(kind: FanOutKind, readers: number): Promise<FanOutRound>;
  stop(): Promise<void>;
}

export async function startFanOut(nodeArgs: readonly string[]): Promise<FanOut> {
  const running = new AsyncDisposableStack();
  const system = running.use(await startLongturn({ nodeArgs }));
  const api = running.use(createApi(system));
  await api.putFanOutAgent(AGENT, CLIENT_TOOL);
  return {
    measure: (kind, readers) => measure(system, api, kind, readers),
    stop: system.stop,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function measure(
  system: LongturnSystem,
  api: Api,
  kind: FanOutKind,
  readers: number,
): Promise<FanOutRound> {
  const turn = await (kind === 'events' ? startWaiting(api) : startStreaming(api));
  const child = fork(path.join(ROOT, 'bench/readers/main.ts'), { cwd: ROOT, execPath: NODE, execArgv: [] });
  const order: ReadersOrder = {
    port: Number(new URL(system.baseUrl).port),
    path: `/v1/turns/${turn.id}/events`,
    token: system.token,
    readers,
    type: kind === 'events' ? 'tool_call.completed' : 'text.delta',
  };
  child.send(order);
  const [{ openedMs }] = (await once(child, 'message')) as [ReadersOpened];
  const reported = once(child, 'message') as Promise<[ReadersReport]>;
  if (kind === 'deltas') await untilDeltasBegin(turn);
  const stop = startMeter({ app: system.pid('main'), readers: child.pid ?? 0, driver: process.pid });
  if (kind === 'events') await handInResults(api, turn);
  const [report] = await reported;
  const { cpuMs, othersShare } = stop();
  return { kind, readers, openedMs, report, appCpuMs: cpuMs['app'] ?? 0, othersShare };
}

/** A turn with a hundred calls that its client executes: each result is one event, made when the driver wants it. */
async function startWaiting(api: Api): Promise<Turn> {
  const calls = Array.from({ length: FRAMES }, (_, index) => `/call ${CLIENT_TOOL} {"n":${index}}`);
  const started = await api.startTurn(AGENT, [...calls, '/say Done.'].join('\n'));
  return await poll(
    async () => {
      const turn = await api.getTurn(started.id);
      return turn.pending.length === FRAMES && turn;
    },
    { what: 'all calls wait for their results', everyMs: 50 },
  );
}

async function handInResults(api: Api, turn: Turn): Promise<void> {
  const begin = performance.now();
  const sent: Promise<void>[] = [];
  for (const [index, { callId }] of turn.pending.entries()) {
    await delay(Math.max(begin + index * GAP_MS - performance.now(), 0));
    sent.push(api.submitResult(turn.id, callId, `answer ${index}`));
  }
  await Promise.all(sent);
}

function startStreaming(api: Api): Promise<Turn> {
  return api.startTurn(AGENT, `/sleep ${READERS_WITHIN_MS}\n/stream ${FRAMES} ${GAP_MS}`);
}

async function untilDeltasBegin({ createdAt }: Turn): Promise<void> {
  const leftMs = Date.parse(createdAt) + READERS_WITHIN_MS - 200 - Date.now();
  if (leftMs < 0) console.warn('The readers came later than the first deltas: the machine is too busy.');
  await delay(Math.max(leftMs, 0));
}
