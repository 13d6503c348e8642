import type { JsonObject, ListNotesQuery, Note, Page } from '../contract/index.ts';

/** A note to write at its path. */
export interface NewNote {
  path: string;
  kind: Note['kind'];
  content: string;
  tags: string[];
  metadata: JsonObject;
  /** The instant of the change. */
  at: string;
}

/** What a session's record, `Threads/<agent>/<session>`, is to be. */
export type ThreadRecord = { path: string; version: number } & ThreadChange;

/**
 * `written`: the session has changed. `shortened`: a deleted turn was taken out, which counts as no change: revision, metadata
 * and instant stay. `removed`: it tells of no turn any more.
 */
export type ThreadChange =
  | ({ change: 'written' } & Omit<NewNote, 'path' | 'kind'>)
  | { change: 'shortened'; content: string }
  | { change: 'removed' };

/** Reading and searching notes. */
export interface NoteReader {
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
}

/** One execution of a tool call, by the ledger's count of them. */
export interface WritingExecution {
  callId: string;
  execution: number;
}

/** What people, tools and the API do with notes. */
export interface Notes extends NoteReader {
  /** Writes the note at a path: makes it, or replaces content, tags and metadata and counts the revision. */
  put(note: NewNote): Promise<Note>;
  /**
   * The same for an execution of a tool; undefined, and nothing is written, when it is no longer the one in force. A store
   * outside of the ledger's database asks the ledger right before it writes.
   */
  putAs(execution: WritingExecution, note: NewNote): Promise<Note | undefined>;
  /** Deletes notes that were last changed before the instant. Returns how many. */
  dropBefore(before: string, most: number): Promise<number>;
}

/** A note store. One suite runs against every adapter: `test/adapters/store-suite/note-store-suite.ts`. */
export interface NoteStore extends Notes {
  /**
   * Applies a session's record, once: a version that is not newer than the one that the path has changes nothing. The note's
   * kind is `thread`; tags of a note that is there stay. Takes `signal` as the sign that nobody waits any more.
   */
  record(record: ThreadRecord, signal?: AbortSignal): Promise<void>;
}
