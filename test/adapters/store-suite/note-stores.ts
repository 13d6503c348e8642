import type { NoteStore } from '../../../src/notes/note-store.ts';
import type { Ledger } from '../../../src/store/store.ts';

/** A fresh note store and the ledger that says which executions are in force, each seen from two processes. */
export interface NoteStores {
  notes(): NoteStore;
  other(): NoteStore;
  ledger(): Ledger;
  otherLedger(): Ledger;
}
