import type { Generated, Selectable } from 'kysely';
import type { TurnTable } from '../turn/schema.ts';

export interface NoteTable {
  id: string;
  path: string;
  kind: 'thread' | 'written';
  revision: number;
  created_at: string;
  updated_at: string;
  tags: string;
  metadata: string;
  /** Of a session's record: the version that was applied last. */
  version: number | null;
  content: string;
}

export interface NoteTagTable {
  tag: string;
  note_id: string;
}

/** A session whose record has changed since the migration; `due_at` and `since` are set while it is not delivered. */
export interface NoteOutboxTable {
  session_id: string;
  /** Milliseconds of the last change, or one more than the version before: it also rises across a restore of the store. */
  version: number;
  /** 1: there is a change since the last delivery that counts. */
  written: number;
  /** 1: a deleted turn was taken out since the last delivery. */
  shortened: number;
  attempts: Generated<number>;
  due_at: string | null;
  since: string | null;
  /** The last change that counts: its instant, its turn, and what the record says of it. */
  changed_at: string | null;
  turn_id: string | null;
  turn_state: TurnTable['state'] | null;
  status: 'working' | 'ok' | 'error' | null;
  /** A JSON string. */
  last_error: string | null;
}

/** Notes and their tags, and what is not delivered to the note store; the full text search has tables of its own in each database. */
export interface NoteDatabase {
  notes: NoteTable;
  note_tags: NoteTagTable;
  note_outbox: NoteOutboxTable;
}

export type NoteRow = Selectable<NoteTable>;
export type NoteOutboxRow = Selectable<NoteOutboxTable>;
