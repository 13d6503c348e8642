import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { holdDirectory } from './files/held-directory.ts';
import { readText } from './files/text-file.ts';
import { splitName, WorkspacePath } from './files/workspace-path.ts';
import type { Tool } from './tool.ts';

/** `read_file {path}`: the text of one file of the workspace, at most 1 MiB. */
export function createReadFile(): Tool {
  return defineTool({
    name: 'read_file',
    description: 'Reads a text file of the workspace, at most 1 MiB, and returns its whole text.',
    input: z.strictObject({ path: WorkspacePath }),
    subjects: { path: { kind: 'path' } },
    idempotent: true,
    gate: 'allow',
    timeoutMs: 30_000,
    run({ path }, context) {
      return naming(path, async () => {
        const { folder, name } = splitName(path);
        await using directory = await holdDirectory(context.workspace, folder);
        return await readText(directory, name);
      });
    },
  });
}
