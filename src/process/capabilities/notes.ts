import { createSearchNotes } from '../../tools/search-notes.ts';
import { createWriteNote } from '../../tools/write-note.ts';
import type { Capability } from './capability.ts';

const DELIVER_EVERY_MS = 5_000;

/** Durable memory: notes of agents and of sessions. */
export const notes: Capability = {
  tools: (deps) => [
    createWriteNote({ notes: deps.notes, now: deps.now ?? (() => new Date()) }),
    createSearchNotes({ notes: deps.notes }),
  ],
  async api(deps) {
    const { notesRoutes } = await import('../../api/notes/routes/notes.ts');
    return { guarded: (app) => notesRoutes(app, deps) };
  },
  worker: async ({ base: { noteDelivery } }) => ({
    rounds: [{ name: "deliver sessions' records", every: DELIVER_EVERY_MS, run: () => noteDelivery.run() }],
  }),
};
