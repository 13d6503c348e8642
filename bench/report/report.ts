import type { Results } from '../results.ts';
import { authSections } from './auth-tables.ts';
import { clusterTables } from './cluster-tables.ts';
import { fanOutTable } from './fan-out-table.ts';
import { judge, limitSign } from './goals.ts';
import { table } from './markdown.ts';
import { memoryTable, parkedTable, workerKillTable } from './parked-tables.ts';
import { approvalTable, turnTable } from './turn-tables.ts';

/** A run as Markdown, in the pieces that stand apart in docs/performance.md; one of which nothing was run is absent. */
export interface Report {
  turns?: string;
  cluster?: string;
  auth?: string;
}

/** Where it ran, the goals, and a table for each workload. */
export function report(results: Results): Report {
  const turns = turnSections(results);
  const auth = results.auth ? authSections(results.auth) : [];
  return {
    ...(turns.length > 0 && { turns: [where(results), ...goals(results, 'turns'), ...turns].join('\n\n') }),
    ...(results.cluster && {
      cluster: ['### A cluster', where(results), clusterTables(results.cluster)].join('\n\n'),
    }),
    ...(auth.length > 0 && {
      auth: ['### Managed auth', where(results), ...goals(results, 'auth'), ...auth].join('\n\n'),
    }),
  };
}

function turnSections(results: Results): string[] {
  const { turns, approvals, parked, memory, workerKillsMs, fanOut } = results;
  return [
    turns && section('Plain turns', turnTable(turns)),
    approvals && section('Approve → terminal event, 1 in flight', approvalTable(approvals)),
    parked && section('Parked turns: `kill -9` of everything', parkedTable(parked)),
    memory && section('Parked turns: memory of worker + API', memoryTable(memory)),
    workerKillsMs &&
      section('`kill -9` of the worker alone → first approved turn done', workerKillTable(workerKillsMs)),
    fanOut && section('Many readers of one turn', fanOutTable(results)),
  ].filter((text) => text !== undefined);
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

function goals(results: Results, part: 'turns' | 'auth'): string[] {
  const rows = judge(results, part).map((verdict) => [
    verdict.goal,
    `${limitSign(verdict)} ${verdict.limit} ${verdict.unit}`,
    verdict.measured,
    verdict.met ? 'met' : '**missed**',
  ]);
  const text = table(['goal', 'wanted', 'measured', ''], rows);
  if (rows.length === 0) return [];
  return [part === 'auth' ? text : section('Goals', text)];
}
