import type { Selectable } from 'kysely';

export interface NoteTable {
  id: string;
  path: string;
  kind: 'thread' | 'written';
  revision: number;
  created_at: string;
  updated_at: string;
  tags: string;
  metadata: string;
  content: string;
}

export interface NoteTagTable {
  tag: string;
  note_id: string;
}

/** Notes and their tags; the full text search has tables of its own in each database. */
export interface NoteDatabase {
  notes: NoteTable;
  note_tags: NoteTagTable;
}

export type NoteRow = Selectable<NoteTable>;
