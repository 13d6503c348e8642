import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import path from 'node:path';
import { ROOT } from './environment.ts';

/** Where the bench ran. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  temporalSdk: string;
  /** Programs that wanted to run when the bench began, mean over a minute; above 1 the figures are disturbed. */
  loadBefore: number;
}

export function describeMachine(): Machine {
  const sdk = JSON.parse(
    readFileSync(path.join(ROOT, 'node_modules/@temporalio/worker/package.json'), 'utf8'),
  ) as { version: string };
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    temporalSdk: sdk.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
