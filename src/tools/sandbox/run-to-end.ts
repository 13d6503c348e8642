import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Reached } from '../reached-bound.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';

/** How a process ended. */
export interface Finished {
  /** Undefined when a signal ended it. */
  exitCode: number | undefined;
  /** Ended because its time was over. */
  timedOut: boolean;
  /** Ended because it would not stop writing. */
  flooded: boolean;
  /** Ended because it took up more than it may. */
  reached?: Reached;
  output: Buffer;
  /** How many bytes of output were not kept. */
  droppedBytes: number;
  /** The beginning of what it wrote to standard error. */
  complaint: string;
}

/** What the program reads, and tells, by descriptors of its own. */
export const READS = 3;
export const TELLS = 4;
const FIRST_OTHER = 5;

export interface Running {
  /** Of the program itself. */
  pid: number;
  /** The JSON object that it told; undefined where it ended without. */
  told: Promise<string | undefined>;
  /** Ends it for a reason. */
  end(reached: Reached): void;
}

export interface RunOptions {
  env: Record<string, string>;
  timeoutMs: number;
  outputBytes: number;
  signal: AbortSignal;
  /** What the program can read from {@link READS}. */
  reads: Buffer;
  /** Arguments by which the program closes a descriptor that is open on nothing. */
  closing(descriptor: number): string[];
  /** Watches the program until it has ended. */
  watch?(running: Running): AsyncDisposable;
}

/** A process that goes on writing after this much is ended: reading it would keep the worker busy for nothing. */
const FLOOD_BYTES = 64 * 1_048_576;
const COMPLAINT_BYTES = 4_096;

/**
 * Runs a program until it and everything that holds its outputs is gone, ending it by `SIGKILL` when its time is over
 * or the signal aborts. Throws what starting it throws, and the signal's reason.
 */
export async function runToEnd(program: string, args: string[], options: RunOptions): Promise<Finished> {
  options.signal.throwIfAborted();
  const child = start(program, args, options);
  const closed = once(child, 'close');
  const output = collector(options.outputBytes);
  const complaint = collector(COMPLAINT_BYTES);
  const kill = () => child.kill('SIGKILL');
  let timedOut = false;
  let flooded = false;
  let reached: Reached | undefined;
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.timeoutMs);
  options.signal.addEventListener('abort', kill);
  child.stdout?.on('data', (chunk: Buffer) => {
    output.take(chunk);
    if (output.dropped() < FLOOD_BYTES || flooded) return;
    flooded = true;
    kill();
  });
  child.stderr?.on('data', (chunk: Buffer) => complaint.take(chunk));
  const told = exchange(child, options.reads);
  const end = (why: Reached) => {
    reached ??= why;
    kill();
  };
  const watch = child.pid === undefined ? undefined : options.watch?.({ pid: child.pid, told, end });
  try {
    await closed;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', kill);
    await watch?.[Symbol.asyncDispose]();
  }
  options.signal.throwIfAborted();
  return {
    exitCode: child.exitCode ?? undefined,
    timedOut,
    flooded,
    ...(reached && { reached }),
    output: output.kept(),
    droppedBytes: output.dropped(),
    complaint: complaint.kept().toString(),
  };
}

/** Starts it with no descriptor of ours but those that it is meant to have. */
function start(program: string, args: string[], { env, closing }: RunOptions): ChildProcess {
  // A child can be given descriptors, but not told to close any: it gets nothing in their places, and closes that.
  const nothing = openSync('/dev/null', 'r');
  try {
    const inherited = inheritedDescriptors(FIRST_OTHER);
    const last = Math.max(TELLS, ...inherited);
    const others = Array.from({ length: last - TELLS }, (_, index) =>
      inherited.includes(FIRST_OTHER + index) ? nothing : ('ignore' as const),
    );
    return spawn(program, [...inherited.flatMap(closing), ...args], {
      env,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...others],
    });
  } finally {
    closeSync(nothing);
  }
}

/** Gives the program what it reads; collects what it tells. */
function exchange(child: ChildProcess, reads: Buffer): Promise<string | undefined> {
  const input = child.stdio[READS] as Writable;
  // A program that ends, or was never there, does not read.
  input.on('error', () => undefined);
  input.end(reads);
  const teller = child.stdio[TELLS] as Readable;
  const told = collector(COMPLAINT_BYTES);
  return new Promise((resolve) => {
    // Processes that it starts may hold the descriptor for longer than it has something to tell.
    teller.on('data', (chunk: Buffer) => {
      told.take(chunk);
      const text = told.kept().toString().trim();
      if (text.endsWith('}')) resolve(text);
    });
    teller.on('error', () => resolve(undefined));
    teller.on('close', () => resolve(undefined));
  });
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
