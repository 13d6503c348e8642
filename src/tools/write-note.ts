import { z } from 'zod';
import { NotePath, NoteTag } from '../contract/index.ts';
import type { NoteStore } from '../store/store.ts';
import { defineTool } from './define-tool.ts';
import { ExecutionSuperseded, type Tool, ToolError } from './tool.ts';

const MAX_CONTENT_CHARACTERS = 1_000_000;

/** `write_note {path, content, tags?}`: makes or replaces the note at a path. `Threads/` is the sessions' own. */
export function createWriteNote({ notes, now }: { notes: NoteStore; now: () => Date }): Tool {
  return defineTool({
    name: 'write_note',
    description:
      'Writes a note into durable memory, where every later session can find it: makes it, or replaces the one at that path.',
    input: z.strictObject({
      path: NotePath.describe('Where the note lives, such as Projects/launch-plan. "Threads/" is reserved.'),
      content: z.string().max(MAX_CONTENT_CHARACTERS).describe('The whole note, as Markdown.'),
      tags: z.array(NoteTag).max(32).optional().describe('Words to find it by.'),
    }),
    idempotent: true,
    gate: 'ask',
    timeoutMs: 30_000,
    async run({ path, content, tags = [] }, { agent, sessionId, turnId, callId, execution }) {
      if (path.split('/')[0]?.toLowerCase() === 'threads') {
        throw new ToolError(
          'path_reserved',
          `"${path}" lies in "Threads/", where the records of sessions are kept. Choose another folder, such as Notes/.`,
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
