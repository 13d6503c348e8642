import { type Child, commandLine, descendants, startProcess } from './processes.ts';
import type { System } from './system.ts';
import { cleanEnv, NODE, ROOT } from './system.ts';

/** Another worker of a system whose engine runs apart. */
export function startSecondWorker(system: System, env: Record<string, string>): Child {
  return startProcess(NODE, ['worker.ts'], {
    cwd: ROOT,
    env: cleanEnv({
      LONGTURN_DATA: system.dataDir,
      LONGTURN_HOST: '127.0.0.1',
      TEMPORAL_ADDRESS: system.engineAddress,
      ...env,
    }),
  });
}

/** The browsers' own processes below a process: not their renderers and helpers. */
export function browsersBelow(pid: number): number[] {
  return descendants(pid).filter((each) => {
    const line = commandLine(each);
    return /chrom/.test(line) && !/--type=|crashpad/.test(line);
  });
}
