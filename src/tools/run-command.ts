import { z } from 'zod';
import { type Bounds, shownBytes } from './bounds.ts';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { holdDirectory } from './files/held-directory.ts';
import { segmentsOf, WorkspacePath } from './files/workspace-path.ts';
import { reachedError } from './reached-bound.ts';
import { createBubblewrap, INSIDE, type Ran } from './sandbox/bubblewrap.ts';
import type { Tool } from './tool.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 600_000;
const OUTPUT_BYTES = 262_144;
/** Of the output of a command that reached a limit. */
const TOLD_BYTES = 8_192;

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
    async run({ command, cwd = '', timeoutMs = DEFAULT_TIMEOUT_MS }, { workspace, bounds, signal }) {
      const segments = segmentsOf(cwd);
      await naming(cwd, async () => (await holdDirectory(workspace, segments))[Symbol.asyncDispose]());
      const limits = await bounds();
      const finished = await sandbox.run({
        command,
        workspace,
        folder: segments.join('/'),
        bounds: limits,
        timeoutMs,
        outputBytes: OUTPUT_BYTES,
        signal,
      });
      if (finished.reached) throw reachedError(finished.reached, written(finished));
      return [...report(finished, timeoutMs), ...hint(finished, limits)].join('\n');
    },
  });
}

function report(finished: Ran, timeoutMs: number): string[] {
  const lines = [headline(finished, timeoutMs)];
  if (finished.wasFull) {
    lines.push('[the workspace was full: the command could delete, but not write]');
  }
  const text = finished.output.toString('utf8');
  if (text !== '') lines.push(text.replace(/\n$/, ''));
  if (finished.droppedBytes > 0) {
    lines.push(`[output cut at ${OUTPUT_BYTES} bytes; ${finished.droppedBytes} more were dropped]`);
  }
  return lines;
}

/** What programs say that the kernel gave no more memory, or no more processes. */
const REFUSED =
  /out of memory|cannot allocate memory|memoryerror|enomem|cannot fork|resource temporarily unavailable/i;

/** Names the limits to a program that failed at one by itself, before it was ended. */
function hint({ exitCode, output }: Ran, { memoryBytes, processes }: Bounds): string[] {
  if (exitCode === 0 || !REFUSED.test(output.toString('latin1'))) return [];
  return [
    `[the commands of this agent have at most ${shownBytes(memoryBytes)} of memory and ${processes} processes and threads]`,
  ];
}

/** The beginning of what a command had written when it was ended. */
function written({ output }: Ran): string {
  if (output.length === 0) return '';
  return `Until then it wrote:\n${output.subarray(0, TOLD_BYTES).toString('utf8')}`;
}

function headline({ exitCode, timedOut, flooded }: Ran, timeoutMs: number): string {
  if (timedOut) return `killed: not finished after ${timeoutMs} ms`;
  if (flooded) return 'killed: it would not stop writing';
  return exitCode === undefined ? 'killed from outside' : `exit code ${exitCode}`;
}
