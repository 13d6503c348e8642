import { lstat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bounds, MIB, shownBytes } from '../bounds.ts';
import { type Reached, reachedError } from '../reached-bound.ts';
import { errorCode } from '../system-error.ts';
import { ToolError } from '../tool.ts';
import { holdDirectory } from './held-directory.ts';
import { MAX_DEPTH, MAX_FILES, measureWorkspace, type WorkspaceSize } from './workspace-size.ts';

/** What is kept free of a disk for the databases that may lie on it: this much, or a twentieth of a small disk. */
const RESERVE_BYTES = 256 * MIB;
const RESERVE_SHARE = 0.05;

/** What is wrong with a workspace that takes up this much; undefined where nothing is. */
export function tooLarge(size: WorkspaceSize, workspaceBytes: number): Reached | undefined {
  const clean = 'Delete what is not needed (run_command: rm -r), then go on.';
  if (size.tooDeep)
    return full(`The workspace has folders nested deeper than ${MAX_DEPTH}, which is not allowed.`, clean);
  if (size.files > MAX_FILES)
    return full(`The workspace has more than ${MAX_FILES} files, which is not allowed.`, clean);
  if (size.bytes <= workspaceBytes) return undefined;
  const held = shownBytes(size.bytes);
  return full(`The workspace is full: it takes up ${held} of ${shownBytes(workspaceBytes)}.`, clean);
}

/** Told where the disk itself is nearly full, whoever filled it; undefined where it is not. */
export async function diskFault(workspace: string): Promise<Reached | undefined> {
  const { bsize, blocks, bavail } = await statfs(workspace);
  const free = bavail * bsize;
  if (free >= Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE)) return undefined;
  return {
    code: 'no_space',
    message: `The disk of the workspaces is nearly full (${shownBytes(free)} free). Delete what is not needed, or ask the operator for space.`,
  };
}

/**
 * Throws {@link ToolError} `workspace_full` or `no_space` where a file of that many bytes does not fit. One that becomes smaller
 * than it was always does.
 */
export async function assertRoom(
  workspace: string,
  file: { folder: string[]; name: string; bytes: number },
  { workspaceBytes }: Bounds,
  signal: AbortSignal,
): Promise<void> {
  const replaced = await sizeOf(workspace, file);
  if (replaced !== undefined && file.bytes <= replaced) return;
  const size = await measureWorkspace(workspace, { stopAtBytes: workspaceBytes, signal });
  const bytes = size.bytes + file.bytes - (replaced ?? 0);
  const reached = tooLarge({ ...size, bytes }, workspaceBytes) ?? (await diskFault(workspace));
  if (reached) throw reachedError(reached);
}

async function sizeOf(
  workspace: string,
  { folder, name }: { folder: string[]; name: string },
): Promise<number | undefined> {
  try {
    await using directory = await holdDirectory(workspace, folder);
    const stats = await lstat(join(directory.path, name));
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    // What is wrong with the path is told by the write.
    if (error instanceof ToolError || errorCode(error) !== '') return undefined;
    throw error;
  }
}

function full(...sentences: string[]): Reached {
  return { code: 'workspace_full', message: sentences.join(' ') };
}
