import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system-error.ts';
import { holdDirectory } from './held-directory.ts';
import { changeOwnMode, walkHeld } from './held-walk.ts';
import { MAX_DEPTH } from './workspace-size.ts';

const SET_IDS = 0o6000;

/**
 * Takes the set-uid and set-gid bits off the files in every workspace of a folder, which commands of versions up to 0.2 could
 * leave there for other users of the machine; answers how many files had them, by workspace.
 */
export async function clearSetIds(workspacesDir: string, signal: AbortSignal): Promise<Map<string, number>> {
  const cleared = new Map<string, number>();
  const workspaces = await readdir(workspacesDir, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const workspace of workspaces.filter((entry) => entry.isDirectory())) {
    const count = await clearIn(join(workspacesDir, workspace.name), signal);
    if (count > 0) cleared.set(workspace.name, count);
  }
  return cleared;
}

async function clearIn(workspace: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  await using root = await holdDirectory(workspace, []);
  await walkHeld(root, {
    async take(stats, path) {
      if (stats.isFile() && (stats.mode & SET_IDS) !== 0) {
        const changed = await changeOwnMode(path, ({ mode }) => mode & 0o1777);
        count += changed ? 1 : 0;
      }
      return true;
    },
    mayEnter: (depth) => depth <= MAX_DEPTH,
    isDone() {
      signal.throwIfAborted();
      return false;
    },
  });
  return count;
}
