import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a process ended. */
export interface Finished {
  /** Undefined when a signal ended it. */
  exitCode: number | undefined;
  /** Ended because its time was over. */
  timedOut: boolean;
  /** Ended because it would not stop writing. */
  flooded: boolean;
  output: Buffer;
  /** How many bytes of output were not kept. */
  droppedBytes: number;
  /** The beginning of what it wrote to standard error. */
  complaint: string;
}

/** A process that goes on writing after this much is ended: reading it would keep the worker busy for nothing. */
const FLOOD_BYTES = 64 * 1_048_576;
const COMPLAINT_BYTES = 4_096;

/**
 * Runs a program until it and everything that holds its outputs is gone, ending it by `SIGKILL` when its time is over
 * or the signal aborts. Throws what starting it throws, and the signal's reason.
 */
export async function runToEnd(
  program: string,
  args: string[],
  options: {
    env: Record<string, string>;
    timeoutMs: number;
    outputBytes: number;
    signal: AbortSignal;
  },
): Promise<Finished> {
  options.signal.throwIfAborted();
  const child = spawn(program, args, { env: options.env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const output = collector(options.outputBytes);
  const complaint = collector(COMPLAINT_BYTES);
  const kill = () => child.kill('SIGKILL');
  let timedOut = false;
  let flooded = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.timeoutMs);
  options.signal.addEventListener('abort', kill);
  child.stdout.on('data', (chunk: Buffer) => {
    output.take(chunk);
    if (output.dropped() < FLOOD_BYTES || flooded) return;
    flooded = true;
    kill();
  });
  child.stderr.on('data', (chunk: Buffer) => complaint.take(chunk));
  try {
    await closed;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', kill);
  }
  options.signal.throwIfAborted();
  return {
    exitCode: child.exitCode ?? undefined,
    timedOut,
    flooded,
    output: output.kept(),
    droppedBytes: output.dropped(),
    complaint: complaint.kept().toString(),
  };
}

/** Keeps the first bytes of a stream and counts the rest. */
function collector(maxBytes: number) {
  const chunks: Buffer[] = [];
  let total = 0;
  return {
    take(chunk: Buffer): void {
      if (total < maxBytes) chunks.push(chunk.subarray(0, maxBytes - total));
      total += chunk.length;
    },
    kept: () => Buffer.concat(chunks),
    dropped: () => Math.max(0, total - maxBytes),
  };
}
