import { describe } from '@jest/globals';
import { noteRecordsSuite } from './note-records-suite.ts';
import { noteSearchSuite } from './note-search-suite.ts';
import type { NoteStores } from './note-stores.ts';
import { notesSuite } from './notes-suite.ts';

/** Everything that a note store must do, wherever it stands. `use` is called inside a `describe`, for fresh ones. */
export function noteStoreSuite(use: () => NoteStores): void {
  describe('notes', () => notesSuite(use()));
  describe('note search', () => noteSearchSuite(use()));
  describe("sessions' records", () => noteRecordsSuite(use()));
}
