import { sql } from 'kysely';
import { createAgents } from './agents/agents.ts';
import { createAuth } from './auth/auth.ts';
import { withReleasedWaiters } from './auth/released-waiters.ts';
import { sweepAuth } from './auth/sweep-auth.ts';
import type { StoreContext } from './context.ts';
import { createDeletion } from './deletion/create-deletion.ts';
import { createNoteOutbox } from './notes/note-outbox.ts';
import { createNotes } from './notes/notes.ts';
import type { Store } from './store.ts';
import { createTokens } from './tokens/tokens.ts';
import { createApprovals } from './turn/approvals.ts';
import { createDeltas } from './turn/deltas.ts';
import { createEvents } from './turn/events.ts';
import { createGrants } from './turn/grants.ts';
import { createLedger } from './turn/ledger.ts';
import { createSessions } from './turn/sessions.ts';
import { createSnapshots } from './turn/snapshots.ts';
import { before, sweep } from './turn/sweep.ts';
import { createTranscript } from './turn/transcript.ts';
import { createTurns } from './turn/turns.ts';
import { createWaiters } from './turn/waiters.ts';
import { sweepWebhooks } from './webhooks/sweep-webhooks.ts';
import { createWebhooks } from './webhooks/webhooks.ts';
import { readFigures } from './workers/figures.ts';
import { createInstallation } from './workers/installation.ts';
import { createLeases } from './workers/leases.ts';
import { createModelCapacity } from './workers/model-capacity.ts';
import { createWorkers } from './workers/workers.ts';

/** The store over a database that is open and migrated; closes it when disposed of. */
export function createDatabaseStore(kind: Store['kind'], context: StoreContext): Store {
  const { db } = context;
  const deltas = createDeltas(context);
  let closing: Promise<void> | undefined;
  return {
    kind,
    turns: createTurns(context),
    sessions: createSessions(context),
    events: createEvents(context),
    approvals: createApprovals(context),
    grants: createGrants(context),
    transcript: createTranscript(context),
    ledger: createLedger(context),
    deltas,
    notes: createNotes(context),
    noteOutbox: createNoteOutbox(context),
    agents: createAgents(context),
    snapshots: createSnapshots(context),
    tokens: createTokens(context),
    workers: createWorkers(context),
    leases: createLeases(context),
    deletion: createDeletion(kind, context),
    modelCapacity: createModelCapacity(context),
    installation: createInstallation(context),
    waiters: withReleasedWaiters(context, createWaiters(context)),
    webhooks: createWebhooks(context),
    auth: createAuth(context),
    async ping() {
      await sql`select count(*) from sessions where id = ''`.execute(db);
    },
    figures: () => readFigures(db),
    async sweep(now, deltasKeptMs) {
      await sweep(db, deltas, now, deltasKeptMs);
      await sweepAuth(db, (keptMs) => before(now, keptMs));
      await sweepWebhooks(db, (keptMs) => before(now, keptMs));
    },
    async [Symbol.asyncDispose]() {
      closing ??= db.destroy();
      await closing;
    },
  };
}
