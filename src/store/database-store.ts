import { sql } from 'kysely';
import { createAgents } from './agents.ts';
import { createApprovals } from './approvals.ts';
import { createAuth } from './auth/auth.ts';
import type { StoreContext } from './context.ts';
import { createDeletion } from './deletion/create-deletion.ts';
import { createDeltas } from './deltas.ts';
import { createEvents } from './events.ts';
import { readFigures } from './figures.ts';
import { createGrants } from './grants.ts';
import { createInstallation } from './installation.ts';
import { createLeases } from './leases.ts';
import { createLedger } from './ledger.ts';
import { createModelCapacity } from './model-capacity.ts';
import { createNotes } from './notes.ts';
import { createSessions } from './sessions.ts';
import { createSnapshots } from './snapshots.ts';
import type { Store } from './store.ts';
import { sweep } from './sweep.ts';
import { createTokens } from './tokens.ts';
import { createTranscript } from './transcript.ts';
import { createTurns } from './turns.ts';
import { createWorkers } from './workers.ts';

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
    agents: createAgents(context),
    snapshots: createSnapshots(context),
    tokens: createTokens(context),
    workers: createWorkers(context),
    leases: createLeases(context),
    deletion: createDeletion(kind, context),
    modelCapacity: createModelCapacity(context),
    installation: createInstallation(context),
    auth: createAuth(context),
    async ping() {
      await sql`select count(*) from sessions where id = ''`.execute(db);
    },
    figures: () => readFigures(db),
    sweep: (now, deltasKeptMs) => sweep(db, deltas, now, deltasKeptMs),
    async [Symbol.asyncDispose]() {
      closing ??= db.destroy();
      await closing;
    },
  };
}
