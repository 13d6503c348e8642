import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { type HeldDirectory, holdDirectory } from './files/held-directory.ts';
import { enterOrMake, MAX_FILE_BYTES, writeText } from './files/text-file.ts';
import { splitName, WorkspacePath } from './files/workspace-path.ts';
import { assertRoom } from './files/workspace-room.ts';
import { type Tool, ToolError } from './tool.ts';

/** `write_file {path, content}`: makes or replaces one file of the workspace, whole or not at all. */
export function createWriteFile(): Tool {
  return defineTool({
    name: 'write_file',
    description:
      'Writes a text file of the workspace: makes it and its folders, or replaces all of its content. At most 1 MiB.',
    input: z.strictObject({
      path: WorkspacePath,
      content: z.string().describe('The whole content of the file.'),
    }),
    subjects: { path: { kind: 'path' } },
    idempotent: true,
    gate: 'ask',
    timeoutMs: 30_000,
    run({ path, content }, context) {
      return naming(path, async () => {
        const bytes = Buffer.byteLength(content);
        if (bytes > MAX_FILE_BYTES) {
          throw new ToolError(
            'too_large',
            `The content has ${bytes} bytes; write at most ${MAX_FILE_BYTES}.`,
          );
        }
        const { folder, name } = splitName(path);
        await assertRoom(context.workspace, { folder, name, bytes }, await context.bounds(), context.signal);
        await using directory = await holdOrMake(context.workspace, folder);
        await writeText(directory, name, content, () => context.assertInForce());
        return `Wrote ${bytes} bytes to ${[...folder, name].join('/')}.`;
      });
    },
  });
}

async function holdOrMake(workspace: string, folder: string[]): Promise<HeldDirectory> {
  let held = await holdDirectory(workspace, []);
  for (const name of folder) {
    await using parent = held;
    held = await enterOrMake(parent, name);
  }
  return held;
}
