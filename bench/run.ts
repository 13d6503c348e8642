// npm run bench: measures this machine's Longturn beside bare Temporal. Figures never make it fail.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Options, readOptions, say, UsageError, type Workload } from './options.ts';
import { report } from './report/report.ts';
import { writeDocs, writeRun } from './report/write.ts';
import type { Results } from './results.ts';
import { authParts } from './run-auth.ts';
import { sizesOf } from './sizes.ts';
import { OUT } from './system/environment.ts';
import { describeMachine } from './system/machine.ts';
import { measureApprovals } from './workloads/approvals.ts';
import { measureCluster } from './workloads/cluster.ts';
import { startFanOut } from './workloads/fan-out.ts';
import { startPair } from './workloads/pair.ts';
import { measureParked, measureParkedMemory } from './workloads/parked.ts';
import { measureWorkerKills } from './workloads/recovery.ts';
import { measureTurns, warmUp } from './workloads/turns.ts';

// Ends what was started as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

try {
  const options = readOptions(process.argv.slice(2));
  const results = await run(options);
  const pieces = report(results);
  const text = `${Object.values(pieces).join('\n\n')}\n`;
  process.stdout.write(`\n${text}\n`);
  console.log(`Figures: ${path.relative(process.cwd(), await writeRun(results, text))}`);
  if (options.writeDocs) await writeDocs(pieces);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function run(options: Options): Promise<Results> {
  const { quick, rounds, workloads } = options;
  const machine = describeMachine();
  const results: Results = { at: new Date().toISOString(), quick, rounds, machine };
  if (machine.loadBefore > 1) {
    console.warn(`The machine is busy (load ${machine.loadBefore.toFixed(1)}): expect noise.`);
  }
  const parts: { of: readonly Workload[]; measure: () => Promise<void> }[] = [
    { of: ['turns', 'approvals'], measure: () => comparePair(options, results) },
    { of: ['parked'], measure: () => park(options, results) },
    { of: ['recovery'], measure: () => killWorkers(options, results) },
    { of: ['fan-out'], measure: () => fanOut(options, results) },
    { of: ['cluster'], measure: () => cluster(options, results) },
    ...authParts(options, results),
  ];
  for (const { of, measure } of parts) {
    if (!of.some((name) => workloads.includes(name))) continue;
    try {
      await measure();
    } catch (error) {
      // What was measured until then is still worth reading.
      console.error(`${of.join(', ')} broke off:`, error);
      process.exitCode = 1;
    }
  }
  return results;
}

async function comparePair(options: Options, results: Results): Promise<void> {
  const { rounds, workloads } = options;
  const sizes = sizesOf(options);
  const nodeArgs = await profileArgs(options, 'turns');
  await using pair = await startPair(nodeArgs);
  await warmUp(pair, sizes.warmUp);
  if (workloads.includes('turns')) {
    say(`plain turns, ${rounds} round(s)`);
    results.turns = await measureTurns(pair, rounds, sizes.turns);
  }
  if (workloads.includes('approvals')) {
    say(`approvals, ${rounds} round(s)`);
    results.approvals = await measureApprovals(pair, rounds, sizes.approvals);
  }
  // A profile is written when the process ends by itself.
  if (nodeArgs.length > 0) await pair.longturn.stop();
}

async function killWorkers(options: Options, results: Results): Promise<void> {
  say('kill -9 of the worker alone');
  results.workerKillsMs = await measureWorkerKills(sizesOf(options).workerKills);
}

async function park(options: Options, results: Results): Promise<void> {
  const sizes = sizesOf(options);
  results.parked = [];
  for (const turns of sizes.parked) {
    say(`${turns} parked turns`);
    results.parked.push(await measureParked(turns, sizes.kills));
  }
  results.memory = [];
  for (const { cachedWorkflows, parked } of sizes.memory) {
    say(`memory of parked turns, cache of ${cachedWorkflows}`);
    results.memory.push({ cachedWorkflows, readings: await measureParkedMemory(cachedWorkflows, parked) });
  }
}

async function fanOut(options: Options, results: Results): Promise<void> {
  const sizes = sizesOf(options);
  say(`fan-out to ${sizes.readers} readers`);
  await using system = await startFanOut(await profileArgs(options, 'fan-out'));
  results.fanOut = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const kind of ['events', 'deltas'] as const) {
      for (const readers of [1, sizes.readers]) results.fanOut.push(await system.measure(kind, readers));
    }
  }
  await system.stop();
}

async function cluster(options: Options, results: Results): Promise<void> {
  say('a cluster with 1, 2 and 3 workers');
  results.cluster = await measureCluster(options.rounds, sizesOf(options).cluster);
}

async function profileArgs({ profile }: Options, name: string): Promise<string[]> {
  if (!profile) return [];
  const folder = path.join(OUT, 'profile', name);
  await mkdir(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
