import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LARGEST_LOG_BYTES = 10 * 1024 * 1024;
const TAIL_LINES = 6;

/** What one server process writes into the log file. */
export interface ServerLog {
  /** To be handed to the process, then closed. */
  descriptor: number;
  close(): void;
  /** What this process has written so far, at most its first 64 KiB. */
  read(): string;
  /** Its last few lines, for an error message; where Go printed a stack, the lines before that. */
  tail(): string;
}

/** Opens the log for another server process; a file over 10 MiB is kept aside as `<file>.old` and begun anew. */
export function openServerLog(file: string): ServerLog {
  if (existsSync(file) && statSync(file).size > LARGEST_LOG_BYTES) renameSync(file, `${file}.old`);
  const descriptor = openSync(file, 'a');
  const start = statSync(file).size;
  const read = () => readFrom(file, start);
  return {
    descriptor,
    close: () => closeSync(descriptor),
    read,
    tail: () => lastLines(read()),
  };
}

function lastLines(printed: string): string {
  const [said = ''] = printed.split(/^goroutine \d+ /m, 1);
  return said.trim().split('\n').slice(-TAIL_LINES).join('\n');
}

function readFrom(file: string, start: number): string {
  const bytes = Buffer.alloc(64 * 1024);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, start));
  } finally {
    closeSync(descriptor);
  }
}
