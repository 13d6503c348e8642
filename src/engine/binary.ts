import { accessSync, constants, statSync } from 'node:fs';
import { runCommand } from './run-command.ts';

/** Where a binary came from, in the order in which the places are asked. */
export type BinarySource = 'TEMPORAL_CLI_PATH' | 'cache' | 'PATH' | 'download' | 'build';

/** A `temporal` binary that has told its version. */
export interface EngineBinary {
  path: string;
  /** `major.minor.patch` */
  version: string;
  source: BinarySource;
}

/** True for an executable file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The version that the program at `path` tells; undefined where it is not a working `temporal`. */
export async function versionOf(path: string): Promise<string | undefined> {
  if (!isExecutable(path)) return undefined;
  const { code, stdout } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  return code === 0 ? /^temporal version v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;
}
