import type { JsonObject, ListNotesQuery, Note, Page } from '../../contract/index.ts';
import type { ToolExecution } from './ledger.ts';

export interface NoteStore {
  get(id: string): Promise<Note | undefined>;
  /** Newest change first; with `q`, best match first. */
  list(query: ListNotesQuery): Promise<Page<Note>>;
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
