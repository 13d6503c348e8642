import { createLogger } from '../../src/logger.ts';
import { createNotes } from '../../src/notes/create-notes.ts';
import { createNoteDelivery, type NoteDelivery } from '../../src/notes/note-delivery.ts';
import type { NoteStore, Notes } from '../../src/notes/note-store.ts';
import type { Store } from '../../src/store/store.ts';

/** Notes as a process has them: those of the store itself, or of another note store. */
export function notesOf(
  store: Pick<Store, 'notes' | 'noteOutbox'>,
  {
    elsewhere,
    now = () => new Date(),
    log = createLogger({ level: 'silent' }),
    ...bounds
  }: {
    elsewhere?: NoteStore;
    now?: () => Date;
    attemptMs?: number;
    flushMs?: number;
    log?: ReturnType<typeof createLogger>;
  } = {},
): { notes: Notes; noteDelivery: NoteDelivery } {
  const noteStore = elsewhere ?? store.notes;
  const noteDelivery = createNoteDelivery({
    store: noteStore,
    outbox: store.noteOutbox,
    isNear: elsewhere === undefined,
    log,
    now,
    ...bounds,
  });
  return { notes: createNotes({ store: noteStore, delivery: noteDelivery }), noteDelivery };
}
