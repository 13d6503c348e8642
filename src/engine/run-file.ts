import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './engine-error.ts';

/** What runs on a data folder. The file's first line is the server's process id, the others are `name=value`. */
export interface RunningEngine {
  /** The Temporal server's process. */
  pid: number;
  /** The Longturn process that started it. */
  ownerPid: number;
  /** `127.0.0.1:7233` */
  address: string;
  /** `http://127.0.0.1:8233`; absent: there is none. */
  uiUrl?: string;
  namespace: string;
}

/** Writes the run file, whole or not at all. */
export function writeRunFile(
  file: string,
  { pid, ownerPid, address, uiUrl, namespace }: RunningEngine,
): void {
  const ui = uiUrl === undefined ? [] : [`ui=${uiUrl}`];
  const lines = [pid, `owner=${ownerPid}`, `address=${address}`, ...ui, `namespace=${namespace}`];
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`);
  renameSync(`${file}.new`, file);
}

/** The run file's content; undefined where there is none, or not a whole one. What it names may be long gone. */
export function readRunFile(file: string): RunningEngine | undefined {
  const [first = '', ...rest] = readLines(file);
  const values = new Map(
    rest.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const [pid, ownerPid] = [Number(first), Number(values.get('owner'))];
  const [address, uiUrl, namespace] = [values.get('address'), values.get('ui'), values.get('namespace')];
  if (!(pid > 1 && ownerPid > 1 && address && namespace)) return undefined;
  return { pid, ownerPid, address, ...(uiUrl && { uiUrl }), namespace };
}

/** Removes the run file, if it is there. */
export function removeRunFile(file: string): void {
  rmSync(file, { force: true });
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
