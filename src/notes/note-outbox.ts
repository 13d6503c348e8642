import type { ThreadRecord } from './note-store.ts';

/** A session whose record the note store does not have yet. */
export interface UndeliveredRecord {
  sessionId: string;
  /** The instant of the oldest change that is missing. */
  since: string;
  /** How many attempts have failed since. */
  attempts: number;
  /** What the last one failed with. */
  lastError?: string;
}

/**
 * Which sessions' records have to be written into the note store. The transaction that changes a session says so here, one row a
 * session; what the record says is computed when it is delivered, so that changes in between need one delivery, and what was
 * deleted meanwhile is in none.
 */
export interface NoteOutbox {
  /** Oldest first; with `dueBy`, those only whose next attempt is due by then. */
  undelivered(query: { dueBy?: string; limit: number }): Promise<UndeliveredRecord[]>;
  /** The session's record as it is now; undefined when it is delivered. */
  record(sessionId: string): Promise<ThreadRecord | undefined>;
  /** The note store has this version. Where the session has changed since, the newer one is due. */
  delivered(sessionId: string, version: number, at: string): Promise<void>;
  /** An attempt has failed; the next one is due after a pause that doubles, up to a minute. */
  failed(sessionId: string, error: string, at: string): Promise<void>;
}
