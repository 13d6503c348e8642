import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { leftOut, readablePaths } from './files/readable-paths.ts';
import { type WorkspaceEntry, walk } from './files/walk.ts';
import { segmentsOf, WorkspacePath } from './files/workspace-path.ts';
import type { Tool, ToolContext } from './tool.ts';

const MAX_ENTRIES = 2_000;

/** `list_files {path?}`: every file and folder below a folder of the workspace, at most 2,000. */
export function createListFiles(): Tool {
  return defineTool({
    name: 'list_files',
    description:
      'Lists the files and folders of the workspace, or of one of its folders, with everything below; a folder ends in "/". At most 2,000 entries.',
    input: z.strictObject({ path: WorkspacePath.optional() }),
    subjects: { path: { kind: 'path', default: '.' } },
    idempotent: true,
    gate: 'allow',
    timeoutMs: 30_000,
    run({ path = '' }, context) {
      return naming(path, async () => {
        const { lines, complete, hidden } = await list(context, segmentsOf(path));
        if (lines.length === 0 && hidden === 0)
          return path === '' ? 'The workspace is empty.' : `"${path}" is empty.`;
        lines.push(...leftOut(hidden));
        if (complete) return lines.join('\n');
        return [...lines, `[only the first ${MAX_ENTRIES} entries; list a folder further down]`].join('\n');
      });
    },
  });
}

async function list(
  context: ToolContext,
  start: string[],
): Promise<{ lines: string[]; complete: boolean; hidden: number }> {
  const { workspace, signal } = context;
  const lines: string[] = [];
  let complete = true;
  let hidden = 0;
  const isReadable = await readablePaths(context, {});
  const mayShow = (path: string) => {
    const may = isReadable(path);
    if (!may) hidden += 1;
    return may;
  };
  for await (const entry of walk(workspace, start, { signal, mayShow })) {
    complete = lines.length < MAX_ENTRIES;
    if (!complete) break;
    lines.push(lineOf(entry));
  }
  return { lines: lines.sort(), complete, hidden };
}

function lineOf({ path, kind }: WorkspaceEntry): string {
  if (kind === 'folder') return `${path}/`;
  if (kind === 'file') return path;
  return `${path} (${kind === 'link' ? 'symbolic link, not followed' : 'not a regular file'})`;
}
