import type { MemorySeries } from '../results.ts';
import { median, medianOf } from '../statistics.ts';
import type { ParkedFigures } from '../workloads/parked.ts';
import { type Cell, table } from './markdown.ts';

export function parkedTable(parked: readonly ParkedFigures[]): string {
  return table(
    [
      'parked turns',
      'parked/s',
      '`kill -9` → ready s',
      '→ first approved turn done s',
      'worst s',
      'approve all s',
      'approved/s',
    ],
    parked.map(({ turns, parkedPerSecond, recoveries, approveAllMs }): Cell[] => [
      String(turns),
      parkedPerSecond,
      medianOf(recoveries, ({ readyMs }) => readyMs) / 1_000,
      medianOf(recoveries, ({ firstDoneMs }) => firstDoneMs) / 1_000,
      Math.max(...recoveries.map(({ firstDoneMs }) => firstDoneMs)) / 1_000,
      approveAllMs / 1_000,
      ((turns - recoveries.length) / approveAllMs) * 1_000,
    ]),
  );
}

export function memoryTable(series: readonly MemorySeries[]): string {
  const rows = series.flatMap(({ cachedWorkflows, readings }) =>
    readings.map(({ parked, memory }, index): Cell[] => {
      const before = readings[index - 1];
      const each = before ? (memory.pss - before.memory.pss) / (parked - before.parked) : '';
      const heap = before ? (memory.heap - before.memory.heap) / (parked - before.parked) : '';
      const mib = [memory.pss, memory.rss, memory.heap].map((kib) => kib / 1_024);
      return [String(cachedWorkflows), String(parked), ...mib, each, heap];
    }),
  );
  return table(
    [
      'cache, turns',
      'parked',
      'PSS MiB',
      'RSS MiB',
      'heaps MiB',
      'PSS KiB a turn more',
      'heap KiB a turn more',
    ],
    rows,
  );
}

export function workerKillTable(killsMs: readonly number[]): string {
  return table(
    ['kills', 'median s', 'worst s'],
    [[String(killsMs.length), median(killsMs) / 1_000, Math.max(...killsMs) / 1_000]],
  );
}
