import { setImmediate as others } from 'node:timers/promises';
import { z } from 'zod';
import type { Note } from '../contract/index.ts';
import type { NoteReader } from '../notes/note-store.ts';
import { defineTool } from './define-tool.ts';
import { type NoteScope, namedGlobs } from './notes/note-access.ts';
import type { Tool } from './tool.ts';

const EXCERPT_BEFORE = 80;
const EXCERPT_CHARACTERS = 300;

/** Most matches that are looked at: those that an agent may not read take no one's place, up to here. */
const MAX_MATCHES = 10_000;
/** So many paths are judged at once. */
const JUDGED_AT_ONCE = 20;

/**
 * `search_notes {query, limit?}`: of the notes that the agent may read, those in which every word occurs, best match first, with
 * an excerpt each.
 */
export function createSearchNotes({ notes }: { notes: NoteReader }): Tool {
  return defineTool({
    name: 'search_notes',
    description:
      'Searches durable memory: notes and the records of earlier sessions, as far as this agent may read them. Every word of the query must occur. Best match first, with an excerpt of each.',
    input: z.strictObject({
      query: z.string().min(1).max(500).describe('Words to look for.'),
      limit: z.number().int().min(1).max(50).optional().describe('How many notes at most; 10 by default.'),
    }),
    idempotent: true,
    gate: 'allow',
    scope: 'notes:read',
    timeoutMs: 30_000,
    async run({ query, limit = 10 }, { noteAccess, signal }) {
      const { read } = await noteAccess();
      const found = await readable({ notes, read, signal }, query, limit);
      const items = await notes.getMany(found);
      if (items.length > 0) return items.map((note) => entry(note, query)).join('\n\n');
      return `No note contains every word of "${query}", of those that this agent may read (${namedGlobs(read)}).`;
    },
  });
}

/** The best matches among the notes that may be read, by id. */
async function readable(
  { notes, read, signal }: { notes: NoteReader; read: NoteScope; signal: AbortSignal },
  q: string,
  limit: number,
): Promise<string[]> {
  const matches = await notes.matches({ q, prefixes: read.prefixes, limit: MAX_MATCHES });
  const found: string[] = [];
  for (let at = 0; at < matches.length && found.length < limit; at += JUDGED_AT_ONCE) {
    signal.throwIfAborted();
    const some = matches.slice(at, at + JUDGED_AT_ONCE);
    found.push(...some.filter(({ path }) => read.fits(path)).map(({ id }) => id));
    await others();
  }
  return found.slice(0, limit);
}

function entry(note: Note, query: string): string {
  const tags = note.tags.length > 0 ? ` [${note.tags.join(', ')}]` : '';
  return `${note.path}${tags} (${note.updatedAt})\n${excerpt(note.content, query)}`;
}

/** The part of a text around the first word of the query that occurs in it, on one line. */
function excerpt(content: string, query: string): string {
  const text = content.replaceAll(/\s+/g, ' ').trim();
  const lower = text.toLowerCase();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.map((word) => lower.indexOf(word)).filter((index) => index >= 0);
  const from = Math.max(0, Math.min(...found, text.length) - EXCERPT_BEFORE);
  const start = found.length === 0 ? 0 : from;
  const end = start + EXCERPT_CHARACTERS;
  const cut = text.slice(start, end).toWellFormed();
  return `  ${start > 0 ? '…' : ''}${cut}${end < text.length ? '…' : ''}`;
}
