import { z } from 'zod';
import type { Note } from '../contract/index.ts';
import type { NoteStore } from '../store/store.ts';
import { defineTool } from './define-tool.ts';
import type { Tool } from './tool.ts';

const EXCERPT_BEFORE = 80;
const EXCERPT_CHARACTERS = 300;

/** `search_notes {query, limit?}`: the notes in which every word occurs, best match first, with an excerpt each. */
export function createSearchNotes({ notes }: { notes: NoteStore }): Tool {
  return defineTool({
    name: 'search_notes',
    description:
      'Searches durable memory: notes and the records of earlier sessions. Every word of the query must occur. Best match first, with an excerpt of each.',
    input: z.strictObject({
      query: z.string().min(1).max(500).describe('Words to look for.'),
      limit: z.number().int().min(1).max(50).optional().describe('How many notes at most; 10 by default.'),
    }),
    idempotent: true,
    gate: 'allow',
    timeoutMs: 30_000,
    async run({ query, limit = 10 }) {
      const { items } = await notes.list({ q: query, limit });
      if (items.length === 0) return `No note contains every word of "${query}".`;
      return items.map((note) => entry(note, query)).join('\n\n');
    },
  });
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
