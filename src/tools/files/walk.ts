import { opendir } from 'node:fs/promises';
import { errorCode } from '../system-error.ts';
import { ToolError } from '../tool.ts';
import { type HeldDirectory, holdDirectory } from './held-directory.ts';
import { TEMPORARY_PREFIX } from './text-file.ts';

/** One thing in a workspace. */
export interface WorkspaceEntry {
  /** From the workspace, divided by `/`. */
  path: string;
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** The folder that it is in; held only until the next entry is asked for. */
  directory: HeldDirectory;
}

/**
 * Everything below a folder, nearest first, links not followed. What vanishes meanwhile is passed over, and so is what
 * `mayShow` refuses, with all below it.
 */
export async function* walk(
  workspace: string,
  start: string[],
  { signal, mayShow }: { signal: AbortSignal; mayShow(path: string): boolean },
): AsyncGenerator<WorkspaceEntry> {
  const folders = [start];
  for (let segments = folders.shift(); segments !== undefined; segments = folders.shift()) {
    await using directory = await holdIfThere(workspace, segments, segments === start);
    if (directory === undefined) continue;
    for await (const child of await opendir(directory.path)) {
      signal.throwIfAborted();
      if (child.name.startsWith(TEMPORARY_PREFIX)) continue;
      const path = [...segments, child.name];
      if (!mayShow(path.join('/'))) continue;
      const kind = kindOf(child);
      if (kind === 'folder') folders.push(path);
      yield { path: path.join('/'), name: child.name, kind, directory };
    }
  }
}

const PASSED_OVER = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM']);

/** Whether an error only says that one entry cannot be had now. */
export function passedOver(error: unknown): boolean {
  return error instanceof ToolError || PASSED_OVER.has(errorCode(error));
}

async function holdIfThere(
  workspace: string,
  segments: string[],
  must: boolean,
): Promise<HeldDirectory | undefined> {
  try {
    return await holdDirectory(workspace, segments);
  } catch (error) {
    if (must || !passedOver(error)) throw error;
    return undefined;
  }
}

function kindOf(child: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): WorkspaceEntry['kind'] {
  if (child.isFile()) return 'file';
  if (child.isDirectory()) return 'folder';
  return child.isSymbolicLink() ? 'link' : 'other';
}
