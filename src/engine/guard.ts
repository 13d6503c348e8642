import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EngineError, reasonOf } from './engine-error.ts';
import { sendSignal } from './send-signal.ts';

// The shell is the program's parent, so there is no moment without a guard. Its subshell reads our end of a pipe, on
// which nothing is ever written: the read ends when we do, however we end, and then the program is ended.
const GUARD = `
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
program=$!
echo "$program" >&3
exec 3>&-
( read -r _ <&4; kill -TERM "$program"; sleep 1; kill -KILL "$program" ) >/dev/null 2>&1 &
watch=$!
exec 4<&-
wait "$program"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/** A program that ends about 1 s after this process ends, however this process ends. */
export interface GuardedProcess {
  /** Of the program itself. */
  pid: number;
  /** Its exit code; 128 + n where signal n ended it. */
  exited: Promise<number>;
  isAlive(): boolean;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Starts a program under a guard, out of reach of the terminal's Ctrl-C, writing to the file `output` (a descriptor).
 * @throws {EngineError} where it cannot be started.
 */
export async function spawnGuarded(
  command: string,
  args: readonly string[],
  output: number,
): Promise<GuardedProcess> {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'longturn-engine-guard', command, ...args], {
    stdio: ['pipe', output, output, 'pipe'],
    detached: true,
  });
  let alive = true;
  const exited = exitCode(guard).finally(() => {
    alive = false;
    // A guard that was killed itself leaves its watch behind: closing the pipe has it end the program.
    guard.stdin?.destroy();
  });
  const pid = await firstNumber(guard.stdio[3] as Readable, exited);
  return {
    pid,
    exited,
    isAlive: () => alive,
    kill: (signal) => {
      if (alive) sendSignal(pid, signal);
    },
  };
}

async function exitCode(guard: ChildProcess): Promise<number> {
  try {
    const [code] = (await once(guard, 'exit')) as [number | null];
    return code ?? 137;
  } catch (error) {
    throw new EngineError(
      'engine_failed',
      `The engine's guard /bin/sh cannot be started: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

async function firstNumber(stream: Readable, exited: Promise<number>): Promise<number> {
  const lines = createInterface({ input: stream });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    exited.then((code) => `exit ${code}`),
  ]);
  lines.close();
  stream.destroy();
  const pid = Number(line);
  if (pid > 1) return pid;
  throw new EngineError('engine_failed', `The engine's guard /bin/sh ended at once (${line}).`);
}
