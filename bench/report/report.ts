import type { Results } from '../results.ts';
import { fanOutTable } from './fan-out-table.ts';
import { judge, limitSign } from './goals.ts';
import { table } from './markdown.ts';
import { memoryTable, parkedTable, workerKillTable } from './parked-tables.ts';
import { approvalTable, turnTable } from './turn-tables.ts';

/** A run of the bench as Markdown: where, the goals, and a table for each workload. */
export function report(results: Results): string {
  const { turns, approvals, parked, memory, workerKillsMs, fanOut } = results;
  const sections: (string | false | undefined)[] = [
    where(results),
    goals(results),
    turns && section('Plain turns', turnTable(turns)),
    approvals && section('Approve → terminal event, 1 in flight', approvalTable(approvals)),
    parked && section('Parked turns: `kill -9` of everything', parkedTable(parked)),
    memory && section('Parked turns: memory of worker + API', memoryTable(memory)),
    workerKillsMs &&
      section('`kill -9` of the worker alone → first approved turn done', workerKillTable(workerKillsMs)),
    fanOut && section('Many readers of one turn', fanOutTable(results)),
  ];
  return `${sections.filter((text) => typeof text === 'string').join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return `### ${title}\n\n${body}`;
}

function where({ at, quick, rounds, machine }: Results): string {
  const { cpu, cores, memoryGiB, system, node, temporalSdk, loadBefore } = machine;
  const how = quick
    ? 'one small round (`--quick`: shows that it works, not how fast it is)'
    : rounds === 1
      ? 'one round'
      : `medians of ${rounds} rounds`;
  return [
    `Run of ${at.slice(0, 16).replace('T', ' ')} UTC, ${how}.`,
    `Machine: ${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}; Node ${node}, Temporal SDK ${temporalSdk}; load before ${loadBefore.toFixed(1)}.`,
  ].join('\n');
}

function goals(results: Results): string {
  const rows = judge(results).map((verdict) => [
    verdict.goal,
    `${limitSign(verdict)} ${verdict.limit} ${verdict.unit}`,
    verdict.measured,
    verdict.met ? 'met' : '**missed**',
  ]);
  return section('Goals', table(['goal', 'wanted', 'measured', ''], rows));
}
