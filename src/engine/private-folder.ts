import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whatever this process and its children make from now on is for their user alone. */
export function makeFilesPrivate(): void {
  process.umask(0o077);
}

/** Databases with what SQLite keeps beside them, lock, log and run files. Not `keys` and `token`: who may read them is told, not mended. */
const OURS = /\.(db|db-wal|db-shm|lock|log|pid)$/;

/**
 * Has the data folder and the databases in it be for their owner alone, as versions up to 0.2 did not make them: other users of the
 * machine could run what `run_command` left there, and read the databases. Answers what is left to mend for somebody else.
 */
export function keepPrivate(folder: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (!narrow(folder, 0o700)) {
    return `The data folder ${folder} belongs to another user and others may enter it. Have its owner mend it with: chmod 700 ${folder}`;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && OURS.test(entry.name)) narrow(join(folder, entry.name), 0o600);
  }
  return undefined;
}

/** True when only the owner may use it, now. */
function narrow(path: string, mode: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || (found.mode & 0o077) === 0) return true;
  const user = process.getuid?.();
  if (user !== found.uid && user !== 0) return false;
  chmodSync(path, mode);
  return true;
}
