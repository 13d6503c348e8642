import { afterAll, beforeAll } from '@jest/globals';
import type { NoteStore } from '../../src/notes/note-store.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createInMemoryNoteStore } from '../support/in-memory-note-store.ts';
import { noteStoreSuite } from './store-suite/note-store-suite.ts';

/** A second store behind the port: it stands apart from the turns' database and knows of its ledger only by asking. */
noteStoreSuite(() => {
  let store: Store;
  let notes: NoteStore;
  beforeAll(async () => {
    store = await createStore({ kind: 'sqlite', file: ':memory:' });
    notes = createInMemoryNoteStore(async ({ callId, execution }) => {
      const row = await store.ledger.get(callId);
      return row?.state === 'started' && row.executions === execution;
    });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
  });
  return {
    notes: () => notes,
    other: () => notes,
    ledger: () => store.ledger,
    otherLedger: () => store.ledger,
  };
});
