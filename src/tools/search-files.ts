import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { naming } from './files/file-errors.ts';
import { type HeldDirectory, holdDirectory } from './files/held-directory.ts';
import { leftOut, readablePaths } from './files/readable-paths.ts';
import { readText } from './files/text-file.ts';
import { passedOver, type WorkspaceEntry, walk } from './files/walk.ts';
import { segmentsOf, WorkspacePath } from './files/workspace-path.ts';
import type { Tool } from './tool.ts';

const MAX_MATCHES = 200;
const MAX_LINE_CHARACTERS = 300;

/** `search_files {query, path?}`: lines that contain the query, in the text files of the workspace. */
export function createSearchFiles(): Tool {
  return defineTool({
    name: 'search_files',
    description:
      'Finds the lines of the workspace\'s text files that contain a plain text, ignoring case. Answers "path:line: text", at most 200. Binary files and files over 1 MiB are skipped.',
    input: z.strictObject({
      query: z.string().min(1).max(1_000).describe('Plain text to look for; not a pattern.'),
      path: WorkspacePath.optional().describe('Folder or file to look in; the whole workspace by default.'),
    }),
    subjects: { path: { kind: 'path', default: '.' } },
    idempotent: true,
    gate: 'allow',
    timeoutMs: 60_000,
    run({ query, path = '' }, context) {
      return naming(path, async () => {
        const matches: string[] = [];
        let hidden = 0;
        const isReadable = await readablePaths(context, { query });
        const mayShow = (found: string) => {
          const may = isReadable(found);
          if (!may) hidden += 1;
          return may;
        };
        const { workspace, signal } = context;
        for await (const entry of entriesAt(workspace, segmentsOf(path), { signal, mayShow })) {
          if (entry.kind === 'file') matches.push(...(await matchesIn(entry, query)));
          if (matches.length > MAX_MATCHES) break;
        }
        return [answer(matches, query), ...leftOut(hidden)].join('\n');
      });
    },
  });
}

async function* entriesAt(
  workspace: string,
  segments: string[],
  way: { signal: AbortSignal; mayShow(path: string): boolean },
): AsyncGenerator<WorkspaceEntry> {
  const name = segments.at(-1);
  if (name !== undefined) {
    await using directory = await holdDirectory(workspace, segments.slice(0, -1));
    if (await isFile(directory, name)) {
      yield { path: segments.join('/'), name, kind: 'file', directory };
      return;
    }
  }
  yield* walk(workspace, segments, way);
}

async function isFile(directory: HeldDirectory, name: string): Promise<boolean> {
  return (await lstat(join(directory.path, name))).isFile();
}

async function matchesIn({ directory, name, path }: WorkspaceEntry, query: string): Promise<string[]> {
  const text = await readText(directory, name).catch((error: unknown) => {
    if (passedOver(error)) return '';
    throw error;
  });
  const wanted = query.toLowerCase();
  const matches: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (matches.length > MAX_MATCHES) break;
    if (line.toLowerCase().includes(wanted)) matches.push(`${path}:${index + 1}: ${shorten(line)}`);
  }
  return matches;
}

function shorten(line: string): string {
  if (line.length <= MAX_LINE_CHARACTERS) return line;
  return `${line.slice(0, MAX_LINE_CHARACTERS).toWellFormed()}…`;
}

function answer(matches: string[], query: string): string {
  if (matches.length === 0) return `No line contains "${query}".`;
  if (matches.length <= MAX_MATCHES) return matches.join('\n');
  const shown = matches.slice(0, MAX_MATCHES);
  return [...shown, `[only the first ${MAX_MATCHES} matches; search for more, or in a folder]`].join('\n');
}
