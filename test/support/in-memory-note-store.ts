import type { Note } from '../../src/contract/index.ts';
import type { NewNote, NoteStore } from '../../src/notes/note-store.ts';
import { wordsOf } from '../../src/store/notes/note-search.ts';
import type { ToolExecution } from '../../src/store/store.ts';

/** A note store that stands apart from the turns' database, as one elsewhere would. `isInForce` asks the ledger. */
export function createInMemoryNoteStore(
  isInForce: (execution: ToolExecution) => Promise<boolean> = async () => true,
): NoteStore {
  /** By path; what was changed last is last. */
  const notes = new Map<string, Note>();
  const versions = new Map<string, number>();
  let made = 0;

  const newestFirst = () =>
    [...notes.values()].toSorted(
      (one, other) => compare(other.updatedAt, one.updatedAt) || compare(other.id, one.id),
    );

  const found = (q: string): Note[] => {
    const words = wordsOf(q);
    if (words.length === 0) return [];
    const scored = newestFirst().map((note) => ({ note, score: scoreOf(note, words) }));
    return scored
      .filter(({ score }) => score > 0)
      .toSorted((one, other) => other.score - one.score)
      .map(({ note }) => note);
  };

  const write = ({ at, ...note }: NewNote, keepTags = false): Note => {
    const before = notes.get(note.path);
    const written: Note = {
      ...note,
      kind: before?.kind ?? note.kind,
      tags: (keepTags ? before?.tags : undefined) ?? note.tags,
      id: before?.id ?? `note-${++made}`,
      revision: (before?.revision ?? 0) + 1,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    };
    notes.set(note.path, written);
    return written;
  };

  return {
    get: async (id) => [...notes.values()].find((note) => note.id === id),
    async list({ q, tag, path = '', limit, cursor = '0' }) {
      const items = (q === undefined ? newestFirst() : found(q)).filter(
        (note) => note.path.startsWith(path) && (tag === undefined || note.tags.includes(tag)),
      );
      const end = Number(cursor) + limit;
      const page = items.slice(Number(cursor), end);
      return items.length > end ? { items: page, nextCursor: String(end) } : { items: page };
    },
    matches: async ({ q, prefixes, limit }) =>
      found(q)
        .filter(({ path }) => prefixes.some((prefix) => path.startsWith(prefix)))
        .slice(0, limit)
        .map(({ id, path }) => ({ id, path })),
    getMany: async (ids) => ids.flatMap((id) => [...notes.values()].find((note) => note.id === id) ?? []),
    put: async (note) => write(note),
    putAs: async (execution, note) => ((await isInForce(execution)) ? write(note) : undefined),
    async dropBefore(before, most) {
      const old = newestFirst()
        .toReversed()
        .filter(({ updatedAt }) => updatedAt < before)
        .slice(0, most);
      for (const { path } of old) notes.delete(path);
      return old.length;
    },
    async record({ path, version, ...change }) {
      if ((versions.get(path) ?? 0) >= version) return;
      versions.set(path, version);
      const note = notes.get(path);
      if (change.change === 'written') write({ ...change, path, kind: 'thread' }, true);
      else if (note?.kind !== 'thread') return;
      else if (change.change === 'removed') notes.delete(path);
      else notes.set(path, { ...note, content: change.content });
    },
  };
}

/** How many of the note's words are among those that are asked for; 0 unless each of them occurs. */
function scoreOf({ path, content }: Note, wanted: string[]): number {
  const words = wordsOf(`${path}\n${content}`);
  const set = new Set(words);
  if (!wanted.every((word) => set.has(word))) return 0;
  return words.filter((word) => wanted.includes(word)).length;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
