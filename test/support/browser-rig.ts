import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '../../src/logger.ts';

/** A logger whose lines are kept. */
export function keptLog(): { log: ReturnType<typeof createLogger>; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

/** A folder for one browser, below the system's. */
export function browserFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'longturn-browser-'));
}
