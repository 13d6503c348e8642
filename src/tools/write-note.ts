import { z } from 'zod';
import { NoteTag } from '../contract/index.ts';
import type { Notes } from '../notes/note-store.ts';
import { defineTool } from './define-tool.ts';
import { namedGlobs } from './notes/note-access.ts';
import { isReserved, WritablePath } from './notes/note-path.ts';
import { ExecutionSuperseded, type Tool, ToolError } from './tool.ts';

const MAX_CONTENT_CHARACTERS = 1_000_000;

/**
 * `write_note {path, content, tags?}`: makes or replaces the note at a path where the agent may write. `Threads/` is the
 * sessions' own.
 */
export function createWriteNote({ notes, now }: { notes: Notes; now: () => Date }): Tool {
  return defineTool({
    name: 'write_note',
    description:
      'Writes a note into durable memory, where later sessions can find it: makes it, or replaces the one at that path. Where an agent may write is in its definition; by default that is Notes/<name of the agent>/.',
    input: z.strictObject({
      path: WritablePath.describe(
        'Where the note lives, such as Notes/scribe/launch-plan. "Threads/" is reserved.',
      ),
      content: z.string().max(MAX_CONTENT_CHARACTERS).describe('The whole note, as Markdown.'),
      tags: z.array(NoteTag).max(32).optional().describe('Words to find it by.'),
    }),
    idempotent: true,
    gate: 'ask',
    scope: 'notes:write',
    timeoutMs: 30_000,
    async run({ path, content, tags = [] }, { agent, sessionId, turnId, callId, execution, noteAccess }) {
      if (isReserved(path)) {
        throw new ToolError(
          'path_reserved',
          `"${path}" lies in "Threads/", where the records of sessions are kept. Choose another folder, such as Notes/.`,
        );
      }
      const { write } = await noteAccess();
      if (!write.fits(path)) {
        throw new ToolError(
          'note_not_allowed',
          `This agent may not write a note at "${path}". Choose a path that fits one of its globs: ${namedGlobs(write)}.`,
        );
      }
      const metadata = { agent, sessionId, turnId };
      const note = await notes.putAs(
        { callId, execution },
        {
          path,
          kind: 'written',
          content,
          tags: [...new Set(tags)],
          metadata,
          at: now().toISOString(),
        },
      );
      if (!note) throw new ExecutionSuperseded();
      return `Wrote note ${note.path} (revision ${note.revision}).`;
    },
  });
}
