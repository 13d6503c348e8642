import type { JsonObject, ListNotesQuery, Note, Page } from '../../contract/index.ts';
import type { ToolExecution } from './ledger.ts';

export interface NoteStore {
  get(id: string): Promise<Note | undefined>;
  /** Newest change first; with `q`, best match first. */
  list(query: ListNotesQuery): Promise<Page<Note>>;
  /**
   * Notes that hold every word, best match first, of those whose path begins with one of the prefixes. No place is taken by
   * others. In SQLite a rarer word counts for more, and how rare it is in all notes.
   */
  matches(query: {
    q: string;
    prefixes: readonly string[];
    limit: number;
  }): Promise<{ id: string; path: string }[]>;
  /** Notes by id, in the order that is asked for, without those that are gone. */
  getMany(ids: readonly string[]): Promise<Note[]>;
  /** Writes the note at a path: makes it, or replaces content, tags and metadata and counts the revision. */
  put(note: {
    path: string;
    kind: Note['kind'];
    content: string;
    tags: string[];
    metadata: JsonObject;
    at: string;
  }): Promise<Note>;
  /** The same for an execution of a tool; undefined, and nothing is written, when it is no longer the one in force. */
  putAs(execution: ToolExecution, note: Parameters<NoteStore['put']>[0]): Promise<Note | undefined>;
}
