import { describe } from '@jest/globals';
import type { NoteStore } from '../../../src/notes/note-store.ts';
import type { Ledger } from '../../../src/store/store.ts';
import { noteRecordsSuite } from './note-records-suite.ts';
import { noteSearchSuite } from './note-search-suite.ts';
import { notesSuite } from './notes-suite.ts';

/** A fresh note store and the ledger that says which executions are in force, each seen from two processes. */
export interface NoteStores {
  notes(): NoteStore;
  other(): NoteStore;
  ledger(): Ledger;
  otherLedger(): Ledger;
}

/** Everything that a note store must do, wherever it stands. `use` is called inside a `describe`, for fresh ones. */
export function noteStoreSuite(use: () => NoteStores): void {
  describe('notes', () => notesSuite(use()));
  describe('note search', () => noteSearchSuite(use()));
  describe("sessions' records", () => noteRecordsSuite(use()));
}
