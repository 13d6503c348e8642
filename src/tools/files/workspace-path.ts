import { z } from 'zod';
import { pathSegments } from '../../core/policy/subjects.ts';
import { ToolError } from '../tool.ts';

/** A path as the model writes it: relative to the workspace, divided by `/`. */
export const WorkspacePath = z
  .string()
  .max(4_000)
  .describe('Path relative to the workspace, such as notes/today.md; never absolute, never with "..".');

/**
 * The names that lead from the workspace to the path; none for the workspace itself (`''`, `.`).
 * Throws {@link ToolError} `path_outside_workspace` for absolute paths and `..`.
 */
export function segmentsOf(path: string): string[] {
  if (path.includes('\0'))
    throw new ToolError('path_invalid', 'The path has a NUL character in it; remove it.');
  const segments = pathSegments(process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) throw outside(path, 'is absolute');
  if (segments.includes('..')) throw outside(path, 'contains ".."');
  return segments;
}

/** The same, for a path that must name something inside the workspace: the folder's names and the last one. */
export function splitName(path: string): { folder: string[]; name: string } {
  const folder = segmentsOf(path);
  const name = folder.pop();
  if (name === undefined)
    throw new ToolError('path_invalid', 'The path names no file; write one such as notes/today.md.');
  return { folder, name };
}

function outside(path: string, why: string): ToolError {
  return new ToolError(
    'path_outside_workspace',
    `"${path}" ${why}. Files outside the workspace are out of reach: write a path relative to the workspace, such as notes/today.md.`,
  );
}
