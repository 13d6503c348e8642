import type { Logger } from 'pino';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { EngineError } from '../engine/engine-error.ts';
import { makeFilesPrivate } from '../engine/private-folder.ts';
import { createLogger } from '../logger.ts';
import { ModelsFileError } from '../models/read-model-limits.ts';
import { ProvidersFileError } from '../secrets/read-providers.ts';
import { StoreError } from '../store/store-error.ts';
import { StartError } from './start-error.ts';

/** What a process takes to end beside the draining of its worker, in milliseconds. */
const END_BESIDE_MS = 7_000;
/** Until the configuration is known, in milliseconds. */
const DRAIN_MS = 3_000;

/** What a process is started with. */
export interface ProcessDeps {
  config: Config;
  log: Logger;
  /** Released in reverse order when the process ends. */
  running: AsyncDisposableStack;
}

/**
 * Runs a process: reads the configuration, starts what `start` registers on the stack, and at SIGINT or SIGTERM releases
 * it in reverse order. What a person can mend is printed without a stack, and the process exits with 1.
 */
export async function runProcess(start: (deps: ProcessDeps) => Promise<void>): Promise<void> {
  const running = new AsyncDisposableStack();
  let drainMs = DRAIN_MS;
  const stop = stopOnce(running, () => drainMs + END_BESIDE_MS);
  // A signal that is repeated while the process drains changes nothing.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    makeFilesPrivate();
    const config = loadConfig();
    drainMs = config.drainMs;
    const log = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY ?? false });
    await start({ config, log, running });
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
    await stop();
  }
}

/** Told by a part that cannot go on, such as a worker whose poll failed for good. */
export function endProcess(log: Logger, error: unknown): void {
  log.fatal({ err: error }, 'a part of this process failed; the process ends');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}

function stopOnce(running: AsyncDisposableStack, endWithinMs: () => number): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= drain(running, endWithinMs());
    return stopping;
  };
}

/** A process must be gone so long after it was asked to end. */
async function drain(running: AsyncDisposableStack, endWithinMs: number): Promise<void> {
  const late = setTimeout(() => {
    process.stderr.write(`Not everything ended within ${endWithinMs / 1_000} s: the process exits anyway.\n`);
    process.exit(1);
  }, endWithinMs - 500);
  try {
    await running.disposeAsync();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
  clearTimeout(late);
  process.exit();
}

/** What a person can mend is told in a sentence; anything else with its stack. */
function explain(error: unknown): string {
  const mendable = [
    ConfigError,
    EngineError,
    StoreError,
    StartError,
    ProvidersFileError,
    ModelsFileError,
  ].some((kind) => error instanceof kind);
  if (mendable && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
