import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { killTree } from '../../test/support/processes.ts';
import type { BareAnswer, BareLoad, BareReady } from '../bare/load.ts';
import { cleanEnv, NODE, ROOT } from './environment.ts';

/** The baseline: Temporal and a few lines. Worker and client in one process, the server its child. */
export interface BareSystem extends AsyncDisposable {
  readonly pid: number;
  readonly enginePid: number;
  run(load: BareLoad): Promise<BareAnswer>;
}

/** Starts the baseline: the same server binary with the same settings, on a database file of its own. */
export async function startBare(): Promise<BareSystem> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'longturn-bench-bare-'));
  const child = fork(path.join(ROOT, 'bench/bare/main.ts'), {
    cwd: ROOT,
    execPath: NODE,
    execArgv: [],
    env: cleanEnv({
      LONGTURN_DATA: dataDir,
      LONGTURN_ENGINE_PORT: '0',
      LONGTURN_ENGINE_UI_PORT: '0',
      LONGTURN_LOG_LEVEL: 'warn',
    }),
  });
  const pid = child.pid ?? 0;
  const endWithUs = () => killTree(pid);
  process.once('exit', endWithUs);
  const { enginePid } = await answerOf<BareReady>(child);
  return {
    pid,
    enginePid,
    run(load) {
      child.send(load);
      return answerOf<BareAnswer>(child);
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', endWithUs);
      const exited = once(child, 'exit');
      killTree(pid);
      await exited;
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const heard = new AbortController();
  const { signal } = heard;
  const died = once(child, 'exit', { signal }).then(() => {
    throw new Error('The baseline has ended; what it printed says why.');
  });
  died.catch(() => undefined);
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), died]);
    return answer as T;
  } finally {
    heard.abort();
  }
}
