import type { Note } from '../../src/contract/index.ts';
import type { NoteStore } from '../../src/store/store.ts';

/** Notes for tests of those who use a note store; the real ones have a suite of their own. One page only. */
export function createInMemoryNoteStore(): NoteStore {
  const notes = new Map<string, Note>();

  const matches = (note: Note, words: string[]): boolean => {
    const text = `${note.path}\n${note.content}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };

  const store: NoteStore = {
    putAs: (_execution, note) => store.put(note),
    get: async (id) => [...notes.values()].find((note) => note.id === id),
    async list({ q = '', tag, path = '', limit }) {
      const words = q.toLowerCase().split(/\s+/).filter(Boolean);
      const items = [...notes.values()]
        .filter((note) => note.path.startsWith(path) && (tag === undefined || note.tags.includes(tag)))
        .filter((note) => matches(note, words))
        .toReversed();
      return { items: items.slice(0, limit) };
    },
    async matches({ q, prefixes, limit }) {
      const { items } = await store.list({ q, limit: Number.MAX_SAFE_INTEGER });
      return items
        .filter(({ path }) => prefixes.some((prefix) => path.startsWith(prefix)))
        .slice(0, limit)
        .map(({ id, path }) => ({ id, path }));
    },
    getMany: async (ids) => ids.flatMap((id) => [...notes.values()].find((note) => note.id === id) ?? []),
    async put({ at, ...note }) {
      const before = notes.get(note.path);
      const written: Note = {
        ...note,
        id: before?.id ?? `note-${notes.size + 1}`,
        revision: (before?.revision ?? 0) + 1,
        createdAt: before?.createdAt ?? at,
        updatedAt: at,
      };
      notes.delete(note.path);
      notes.set(note.path, written);
      return written;
    },
  };
  return store;
}
