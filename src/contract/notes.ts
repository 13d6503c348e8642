import { z } from 'zod';
import { NoteId } from './ids.ts';
import { Instant, JsonObject } from './json.ts';
import { PageQuery } from './lists.ts';

/** Where a note lives: segments divided by `/`, no empty segment, no `.` or `..`. */
export const NotePath = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must be segments divided by "/", none of them empty, "." or ".."',
  );
export const NoteTag = z
  .string()
  .regex(/^[A-Za-z0-9_:.-]{1,64}$/, 'must be 1–64 letters, digits, "_", ":", "." or "-"');

const NoteGlobs = z.array(z.string().min(1).max(1_000)).max(64);

/**
 * Globs of the paths of notes that an agent's tools reach. What is given replaces the default, which is what is the agent's own:
 * what it writes, and the records of its sessions.
 */
export const NoteTerms = z.strictObject({
  read: NoteGlobs.optional().describe(
    'Notes that it finds. Default: `Notes/<name>/**` and `Threads/<name>/**`. `*` does not cross `/`.',
  ),
  write: NoteGlobs.optional().describe(
    'Where it writes notes. Default: `Notes/<name>/**`. Nobody writes in `Threads/`.',
  ),
});
export type NoteTerms = z.infer<typeof NoteTerms>;

/** A unit of durable memory. A *thread note* is a session's record: `Threads/<agent>/<session>`. */
export const Note = z.object({
  id: NoteId,
  path: NotePath,
  kind: z.enum(['thread', 'written']),
  content: z.string(),
  tags: z.array(NoteTag),
  metadata: JsonObject,
  revision: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Note = z.infer<typeof Note>;

export const ListNotesQuery = PageQuery.extend({
  tag: NoteTag.optional(),
  path: z.string().max(500).optional().describe('Path prefix.'),
  q: z.string().min(1).max(500).optional().describe('Full text: every word must occur.'),
});
export type ListNotesQuery = z.infer<typeof ListNotesQuery>;
