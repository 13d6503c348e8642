import type { Results } from '../results.ts';
import { median, medianOf, pairRatio } from '../statistics.ts';
import type { FanOutKind, FanOutRound } from '../workloads/fan-out.ts';
import type { Side, TurnRound } from '../workloads/turns.ts';
import { tookMs } from './kill-tables.ts';

/** What we want, what was measured, and whether that is it. */
export interface Verdict {
  goal: string;
  limit: number;
  measured: number;
  unit: string;
  met: boolean;
}

interface Goal {
  goal: string;
  unit: string;
  /** Of managed auth, which has a report of its own. */
  auth?: boolean;
  atMost?: number;
  atLeast?: number;
  /** NaN where it was not measured. */
  measure(results: Results): number;
}

const GOALS: readonly Goal[] = [
  {
    goal: 'plain turn p50, 1 in flight, with a reader ÷ bare',
    unit: '×',
    atMost: 1.3,
    measure: (results) => turnRatio(results, 1, 'with a reader', ({ latencyMs }) => latencyMs.p50),
  },
  {
    goal: 'approve → terminal p50 ÷ bare',
    unit: '×',
    atMost: 1.3,
    measure: ({ approvals }) =>
      approvals ? pairRatio(approvals.longturn, approvals.bare, ({ p50 }) => p50) : Number.NaN,
  },
  {
    goal: 'turns/s at 50 in flight, without readers ÷ bare',
    unit: '×',
    atLeast: 0.8,
    measure: (results) => turnRatio(results, 50, 'without readers', ({ perSecond }) => perSecond),
  },
  {
    goal: 'turns/s at 50 in flight, with a reader a turn ÷ bare',
    unit: '×',
    atLeast: 0.65,
    measure: (results) => turnRatio(results, 50, 'with a reader', ({ perSecond }) => perSecond),
  },
  {
    goal: 'memory of worker + API per parked turn beyond the cache',
    unit: 'KiB',
    atMost: 5,
    measure: memoryBeyondCache,
  },
  {
    goal: '`kill -9` of everything → first approved turn done, most turns parked',
    unit: 's',
    atMost: 2.5,
    measure: (results) => recoverySeconds(results, -1),
  },
  {
    goal: 'the same, most turns parked ÷ fewest',
    unit: '×',
    atMost: 1.15,
    measure: (results) => recoverySeconds(results, -1) / recoverySeconds(results, 0),
  },
  {
    goal: '`kill -9` of the worker alone → first approved turn done',
    unit: 's',
    atMost: 2.5,
    measure: ({ workerKillsMs }) => (workerKillsMs ? median(workerKillsMs) / 1_000 : Number.NaN),
  },
  {
    goal: 'fan-out of events, `at` → each reader, p99',
    unit: 'ms',
    atMost: 40,
    measure: (results) => medianOf(widest(results, 'events'), ({ report }) => report.fromEvent.p99),
  },
  {
    goal: 'fan-out of events, CPU per delivery beyond that of one reader',
    unit: 'µs',
    atMost: 15,
    measure: (results) => marginalCpuUs(results, 'events'),
  },
  {
    goal: '`kill -9` of the worker that shows a form → the form again from another one, p50',
    unit: 's',
    auth: true,
    atMost: 4,
    measure: ({ auth }) => (auth?.kills ? median(tookMs(auth.kills)) / 1_000 : Number.NaN),
  },
  {
    goal: 'the same, worst',
    unit: 's',
    auth: true,
    atMost: 6,
    measure: ({ auth }) => (auth?.kills ? Math.max(...tookMs(auth.kills)) / 1_000 : Number.NaN),
  },
];

/** The goals that this run has something to say about: of managed auth, or of everything else. */
export function judge(results: Results, part: 'turns' | 'auth'): Verdict[] {
  return GOALS.filter(({ auth = false }) => auth === (part === 'auth'))
    .map(({ goal, unit, atMost, atLeast, measure }) => {
      const measured = measure(results);
      const met = atMost === undefined ? measured >= (atLeast ?? 0) : measured <= atMost;
      return { goal, limit: atMost ?? atLeast ?? 0, measured, unit, met };
    })
    .filter(({ measured }) => !Number.isNaN(measured));
}

/** Whether a limit is the most or the least that is wanted. */
export function limitSign({ goal }: Verdict): '≤' | '≥' {
  return GOALS.find((each) => each.goal === goal)?.atMost === undefined ? '≥' : '≤';
}

function turnRatio(
  { turns }: Results,
  inFlight: number,
  side: Side,
  pick: (round: TurnRound) => number,
): number {
  const cell = turns?.find((each) => each.inFlight === inFlight);
  return cell ? pairRatio(cell.sides[side], cell.sides.bare, pick) : Number.NaN;
}

/** From a number of parked turns beyond the cache to a larger one, so that the cache is full both times. */
function memoryBeyondCache({ memory = [] }: Results): number {
  const [series] = memory.toSorted((a, b) => a.cachedWorkflows - b.cachedWorkflows);
  const beyond = series?.readings.filter(({ parked }) => parked > (series?.cachedWorkflows ?? 0)) ?? [];
  const [first, last] = [beyond[0], beyond.at(-1)];
  if (!first || !last || first === last) return Number.NaN;
  return (last.memory.pss - first.memory.pss) / (last.parked - first.parked);
}

function recoverySeconds({ parked = [] }: Results, index: number): number {
  const figures = parked.at(index);
  return figures ? medianOf(figures.recoveries, ({ firstDoneMs }) => firstDoneMs) / 1_000 : Number.NaN;
}

/** The rounds of a kind with the most readers. */
export function widest({ fanOut = [] }: Results, kind: FanOutKind): FanOutRound[] {
  const most = Math.max(...fanOut.map(({ readers }) => readers));
  return fanOut.filter((round) => round.kind === kind && round.readers === most);
}

/** CPU per delivery of a round as a whole, in µs. */
export function cpuPerDeliveryUs({ appCpuMs, report }: FanOutRound): number {
  return (appCpuMs * 1_000) / report.deliveries;
}

/** CPU for each delivery more than those to a single reader, in µs: what the fan-out costs, without making the events. */
export function marginalCpuUs(results: Results, kind: FanOutKind): number {
  const alone = (results.fanOut ?? []).filter((round) => round.kind === kind && round.readers === 1);
  const many = widest(results, kind);
  const cpu = medianOf(many, ({ appCpuMs }) => appCpuMs) - medianOf(alone, ({ appCpuMs }) => appCpuMs);
  const deliveries =
    medianOf(many, ({ report }) => report.deliveries) - medianOf(alone, ({ report }) => report.deliveries);
  return (cpu * 1_000) / deliveries;
}
