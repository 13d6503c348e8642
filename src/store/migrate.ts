import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { errorText } from './error-code.ts';
import { createTurns } from './migrations/0001-turns.ts';
import { createApprovals } from './migrations/0002-approvals.ts';
import { createTranscript } from './migrations/0003-transcript.ts';
import { createNotes } from './migrations/0004-notes.ts';
import { createAgentsAndTokens } from './migrations/0005-agents-and-tokens.ts';
import { createWorkersTable } from './migrations/0006-workers.ts';
import { createManagedAuth } from './migrations/0007-managed-auth.ts';
import { createStagedResults } from './migrations/0008-staged-results.ts';
import { createReconciling } from './migrations/0009-reconciling.ts';
import { createInstallationTable } from './migrations/0010-installation.ts';
import { createDeploys } from './migrations/0011-deploys.ts';
import { createModels } from './migrations/0012-models.ts';
import { createRetriesAndCompactions } from './migrations/0013-retries-and-compactions.ts';
import { createKeeping } from './migrations/0014-keeping.ts';
import { createTurnTotals } from './migrations/0015-turn-totals.ts';
import { createFileTokens } from './migrations/0018-file-tokens.ts';
import { createEstimatesAndGoneAgents } from './migrations/0019-estimates-and-gone-agents.ts';
import { createActingTokens } from './migrations/0021-acting-tokens.ts';
import { createBegunTurns } from './migrations/0022-begun-turns.ts';
import { createNoteOutbox } from './migrations/0023-note-outbox.ts';
import { createWaitersTable } from './migrations/0024-waiters.ts';
import { createHandoffReturns } from './migrations/0025-handoff-returns.ts';
import { createFlowSteps } from './migrations/0026-flow-steps.ts';
import { createPageReadings } from './migrations/0027-page-readings.ts';
import { createPreviews } from './migrations/0028-previews.ts';
import type { StoreKind } from './migrations/column-types.ts';
import type { Database } from './schema.ts';
import { StoreError } from './store-error.ts';
import { isBefore, noteVersion, STORE_MINOR, unknownMigrations, usableSince } from './store-version.ts';

/** All migrations by name; they run in the order of their names and are never changed once released. */
export function migrations(kind: StoreKind): Record<string, Migration> {
  return {
    '0001-turns': createTurns(kind),
    '0002-approvals': createApprovals(kind),
    '0003-transcript': createTranscript(kind),
    '0004-notes': createNotes(kind),
    '0005-agents-and-tokens': createAgentsAndTokens(kind),
    '0006-workers': createWorkersTable(kind),
    '0007-managed-auth': createManagedAuth(kind),
    '0008-staged-results': createStagedResults(kind),
    '0009-reconciling': createReconciling(kind),
    '0010-installation': createInstallationTable(kind),
    '0011-deploys': createDeploys(kind),
    '0012-models': createModels(kind),
    '0013-retries-and-compactions': createRetriesAndCompactions(kind),
    '0014-keeping': createKeeping(kind),
    '0015-turn-totals': createTurnTotals(kind),
    '0018-file-tokens': createFileTokens(kind),
    '0019-estimates-and-gone-agents': createEstimatesAndGoneAgents(kind),
    '0021-acting-tokens': createActingTokens(kind),
    '0022-begun-turns': createBegunTurns(),
    '0023-note-outbox': createNoteOutbox(kind),
    '0024-waiters': createWaitersTable(kind),
    '0025-handoff-returns': createHandoffReturns(kind),
    '0026-flow-steps': createFlowSteps(kind),
    '0027-page-readings': createPageReadings(kind),
    '0028-previews': createPreviews(kind),
  };
}

/**
 * Brings the tables to this version. Safe in several processes at once: one does it, the others wait. A store whose newer
 * tables this version may use (a version ahead only added to them) is used as it is.
 * Throws {@link StoreError} `newer` when a version was there before whose tables this one cannot use.
 */
export async function migrate(db: Kysely<Database>, kind: StoreKind, where: string): Promise<void> {
  const own = migrations(kind);
  const ahead = await unknownMigrations(db, Object.keys(own));
  if (ahead.length > 0) {
    const since = await usableSince(db);
    if (since === undefined || isBefore(STORE_MINOR, since)) throw newer(where, ahead, since);
  }
  const known = { ...own, ...Object.fromEntries(ahead.map((name) => [name, MADE_ELSEWHERE])) };
  const provider = { getMigrations: async () => known };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  const message = errorText(error, 'message') ?? '';
  if (message.startsWith('corrupted migrations')) throw newer(where, [message], undefined, error);
  if (error) throw error;
  if (ahead.length === 0) await noteVersion(db);
}

/** A migration of a newer version: it is there. */
const MADE_ELSEWHERE: Migration = { up: async () => {} };

function newer(
  where: string,
  ahead: readonly string[],
  since: string | undefined,
  cause?: unknown,
): StoreError {
  const needs =
    since === undefined ? '' : ` It can be used from version ${since} on; this is ${STORE_MINOR}.`;
  return new StoreError(
    'newer',
    `The database ${where} was made by a newer version of Longturn (${ahead.join(', ')}).${needs} Nothing was changed. ` +
      'Start that version again, or set another LONGTURN_STORE or LONGTURN_DATA.',
    cause,
  );
}
