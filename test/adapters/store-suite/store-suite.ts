import { describe } from '@jest/globals';
import { admissionSuite } from './admission-suite.ts';
import { agentsAndTokensSuite } from './agents-and-tokens-suite.ts';
import { approvalsSuite } from './approvals-suite.ts';
import { authSuite } from './auth-suite.ts';
import { deletionSuite } from './deletion-suite.ts';
import { eventsSuite } from './events-suite.ts';
import { figuresSuite } from './figures-suite.ts';
import type { OpenStore } from './fixtures.ts';
import { grantsSuite } from './grants-suite.ts';
import { installationSuite } from './installation-suite.ts';
import { ledgerSuite } from './ledger-suite.ts';
import { listsSuite } from './lists-suite.ts';
import { modelSuite } from './model-suite.ts';
import { noteOutboxSuite } from './note-outbox-suite.ts';
import { noteStoreSuite } from './note-store-suite.ts';
import type { NoteStores } from './note-stores.ts';
import { checksSuite, reconcilingSuite } from './reconciling-suite.ts';
import { threadNoteSuite } from './thread-note-suite.ts';
import { transcriptRestSuite } from './transcript-rest-suite.ts';
import { transcriptSuite } from './transcript-suite.ts';
import { turnLifeSuite } from './turn-life-suite.ts';
import { useStore } from './use-store.ts';
import { waitersSuite } from './waiters-suite.ts';
import { workersSuite } from './workers-suite.ts';

/** Everything that a store must do, whatever database it stands on. `open` makes a fresh, empty one. */
export function storeSuite(open: OpenStore): void {
  describe('admission', () => admissionSuite(open));
  describe("a turn's life", () => turnLifeSuite(open));
  describe('events', () => eventsSuite(open));
  describe('approvals', () => approvalsSuite(open));
  describe('grants', () => grantsSuite(open));
  describe('transcript and deltas', () => transcriptSuite(open));
  describe('what a transcript has behind a mark', () => transcriptRestSuite(open));
  describe('ledger', () => ledgerSuite(open));
  noteStoreSuite(() => noteStoresOf(open));
  describe('thread notes', () => threadNoteSuite(open));
  describe('note outbox', () => noteOutboxSuite(open));
  describe('agents, snapshots and tokens', () => agentsAndTokensSuite(open));
  describe('calls that wait', () => waitersSuite(open));
  describe('workers', () => workersSuite(open));
  describe('deletion', () => deletionSuite(open));
  describe('figures', () => figuresSuite(open));
  describe('models', () => modelSuite(open));
  describe('installation', () => installationSuite(open));
  describe('lists', () => listsSuite(open));
  describe('reconciling', () => reconcilingSuite(open));
  describe('checks of turns', () => checksSuite(open));
  describe('managed auth', () => authSuite(open));
}

/** The note store in the turns' own database. */
function noteStoresOf(open: OpenStore): NoteStores {
  const { store, other } = useStore(open);
  return {
    notes: () => store().notes,
    other: () => other().notes,
    ledger: () => store().ledger,
    otherLedger: () => other().ledger,
  };
}
