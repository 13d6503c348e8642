import { medianOf } from '../statistics.ts';
import { type ClusterRound, COMPONENTS } from '../workloads/cluster.ts';
import { table } from './markdown.ts';

/** How many of it there may be: what a second one adds. */
const SCALES: Record<(typeof COMPONENTS)[number], string> = {
  workers: 'yes: any number',
  API: 'yes: any number',
  'frontend, matching': 'yes; several matching hosts want more partitions of the queue',
  history: 'yes: up to the number of shards',
  "engine's PostgreSQL": 'no: a larger host',
  "store's PostgreSQL": 'no: a larger host',
};

/** What was measured with each number of workers, and what each component alone could carry. */
export function clusterTables(rounds: readonly ClusterRound[]): string {
  const numbers = [...new Set(rounds.map(({ workers }) => workers))];
  const measured = numbers.map((workers) => {
    const these = rounds.filter((round) => round.workers === workers);
    return [
      String(workers),
      medianOf(these, ({ perSecond }) => perSecond),
      medianOf(these, ({ latencyMs }) => latencyMs.p50),
      medianOf(these, ({ latencyMs }) => latencyMs.p99),
      ...COMPONENTS.map((name) => medianOf(these, ({ cpuMs }) => cpuMs[name])),
      medianOf(these, ({ driverCpuMs }) => driverCpuMs),
      `${Math.round(medianOf(these, ({ othersShare }) => othersShare) * 100)} %`,
    ];
  });
  const head = ['workers', 'turns/s', 'p50 ms', 'p99 ms'];
  return [
    'CPU in ms a turn, by who spends it; all of them, and the driver, share the cores.',
    table([...head, ...COMPONENTS, 'driver', 'taken by others'], measured),
    'On paper, from the CPU of a turn with one worker:',
    onPaper(rounds.filter(({ workers }) => workers === numbers[0])),
  ].join('\n\n');
}

function onPaper(rounds: readonly ClusterRound[]): string {
  const rows = COMPONENTS.map((name) => {
    const cost = medianOf(rounds, ({ cpuMs }) => cpuMs[name]);
    return [name, cost, 1_000 / cost, (cost * 100) / 1_000, SCALES[name]];
  });
  return table(
    ['component', 'CPU ms a turn', 'turns/s one core carries', 'cores for 100 turns/s', 'more of them help'],
    rows,
  );
}
