import type { Results } from '../results.ts';
import { medianOf } from '../statistics.ts';
import type { FanOutRound } from '../workloads/fan-out.ts';
import { cpuPerDeliveryUs, marginalCpuUs } from './goals.ts';
import { type Cell, table } from './markdown.ts';

export function fanOutTable(results: Results): string {
  const groups = Map.groupBy(results.fanOut ?? [], ({ kind, readers }) => `${kind}, ${readers}`);
  const rows = [...groups].map(([name, rounds]): Cell[] => [name, ...figures(results, rounds)]);
  return table(
    [
      'frames, readers',
      'opened in s',
      'frames',
      'missing',
      '`at` → reader p50 ms',
      'p99 ms',
      'first → each reader p50 ms',
      'p99 ms',
      'CPU ms',
      'µs a delivery',
      'µs a delivery beyond one reader',
    ],
    rows,
  );
}

function figures(results: Results, rounds: FanOutRound[]): Cell[] {
  const [first] = rounds;
  if (!first) return [];
  return [
    medianOf(rounds, ({ openedMs }) => openedMs) / 1_000,
    medianOf(rounds, ({ report }) => report.frames),
    Math.max(...rounds.map(({ report }) => report.missing)),
    medianOf(rounds, ({ report }) => report.fromEvent.p50),
    medianOf(rounds, ({ report }) => report.fromEvent.p99),
    medianOf(rounds, ({ report }) => report.fromFirst.p50),
    medianOf(rounds, ({ report }) => report.fromFirst.p99),
    medianOf(rounds, ({ appCpuMs }) => appCpuMs),
    first.readers === 1 ? '' : medianOf(rounds, cpuPerDeliveryUs),
    first.readers === 1 ? '' : marginalCpuUs(results, first.kind),
  ];
}
