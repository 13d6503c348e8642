import { holdDirectory } from './held-directory.ts';
import { walkHeld } from './held-walk.ts';

/** More files and folders than this count as too many, whatever their size: to count them takes time, too. */
export const MAX_FILES = 300_000;
/** Folders nested deeper count as too deep. */
export const MAX_DEPTH = 128;

const BLOCK_BYTES = 512;

/** What a workspace takes up. Where counting stopped early, it is at least this. */
export interface WorkspaceSize {
  bytes: number;
  /** Files and folders. */
  files: number;
  tooDeep: boolean;
}

/**
 * Counts what a workspace takes up of the disk; stops where it is more than `stopAtBytes`, too many files or too deep. A file
 * with several names is counted once.
 */
export async function measureWorkspace(
  workspace: string,
  { stopAtBytes = Number.POSITIVE_INFINITY, signal }: { stopAtBytes?: number; signal?: AbortSignal } = {},
): Promise<WorkspaceSize> {
  const size = { bytes: 0, files: 0, tooDeep: false };
  const seen = new Set<number>();
  await using root = await holdDirectory(workspace, []);
  await walkHeld(root, {
    take(stats) {
      const hasMoreNames = stats.nlink > 1 && !stats.isDirectory();
      if (hasMoreNames && seen.has(stats.ino)) return false;
      if (hasMoreNames) seen.add(stats.ino);
      size.files += 1;
      // Not every system tells blocks.
      size.bytes += stats.blocks === undefined ? stats.size : stats.blocks * BLOCK_BYTES;
      return true;
    },
    mayEnter(depth) {
      size.tooDeep ||= depth > MAX_DEPTH;
      return !size.tooDeep;
    },
    isDone() {
      signal?.throwIfAborted();
      return size.bytes > stopAtBytes || size.files > MAX_FILES || size.tooDeep;
    },
  });
  return size;
}
