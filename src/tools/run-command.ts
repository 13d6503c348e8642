import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { holdDirectory } from './files/held-directory.ts';
import { segmentsOf, WorkspacePath } from './files/workspace-path.ts';
import { createBubblewrap, INSIDE } from './sandbox/bubblewrap.ts';
import type { Finished } from './sandbox/run-to-end.ts';
import type { Tool } from './tool.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 600_000;
const OUTPUT_BYTES = 262_144;

/** `run_command {command, cwd?, timeoutMs?}`: a shell command inside bubblewrap, or not at all. */
export function createRunCommand({ searchPath }: { searchPath: string }): Tool {
  const sandbox = createBubblewrap({ searchPath });

  return defineTool({
    name: 'run_command',
    description: `Runs a shell command in a sandbox: no network, a read-only system, only the workspace (seen as ${INSIDE}) and /tmp can be written. Returns the exit code and up to 256 KiB of output.`,
    input: z.strictObject({
      command: z
        .string()
        .min(1)
        .max(100_000)
        .refine((text) => !text.includes('\0'), 'must have no NUL character')
        .describe('A command line for /bin/sh.'),
      cwd: WorkspacePath.optional().describe('Folder to run in, relative to the workspace.'),
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(MAX_TIMEOUT_MS)
        .optional()
        .describe('Longest time in milliseconds, then everything is ended; 60000 by default.'),
    }),
    subjects: { cwd: { kind: 'path', default: '.' } },
    idempotent: false,
    gate: 'ask',
    timeoutMs: MAX_TIMEOUT_MS + 20_000,
    async run({ command, cwd = '', timeoutMs = DEFAULT_TIMEOUT_MS }, { workspace, signal }) {
      const segments = segmentsOf(cwd);
      await naming(cwd, async () => (await holdDirectory(workspace, segments))[Symbol.asyncDispose]());
      const finished = await sandbox.run({
        command,
        workspace,
        folder: segments.join('/'),
        timeoutMs,
        outputBytes: OUTPUT_BYTES,
        signal,
      });
      return report(finished, timeoutMs);
    },
  });
}

function report(finished: Finished, timeoutMs: number): string {
  const text = finished.output.toString('utf8');
  const lines = [headline(finished, timeoutMs), ...(text === '' ? [] : [text.replace(/\n$/, '')])];
  if (finished.droppedBytes > 0) {
    lines.push(`[output cut at ${OUTPUT_BYTES} bytes; ${finished.droppedBytes} more were dropped]`);
  }
  return lines.join('\n');
}

function headline({ exitCode, timedOut, flooded }: Finished, timeoutMs: number): string {
  if (timedOut) return `killed: not finished after ${timeoutMs} ms`;
  if (flooded) return 'killed: it would not stop writing';
  return exitCode === undefined ? 'killed from outside' : `exit code ${exitCode}`;
}
