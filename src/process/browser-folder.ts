import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Folder of this process's browser under the data folder, named by its process id. What processes that are gone have left
 * is deleted.
 */
export function browserFolder(dataDir: string): string {
  const all = path.join(dataDir, 'browser');
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(all)) {
    if (!isRunning(Number(name))) rmSync(path.join(all, name), { recursive: true, force: true });
  }
  return path.join(all, String(process.pid));
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
