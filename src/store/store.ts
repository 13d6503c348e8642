import type { NoteOutbox } from '../notes/note-outbox.ts';
import type { NoteStore } from '../notes/note-store.ts';
import type { AuthStore } from './auth-store.ts';
import type { DeletionStore } from './deletion/deletion-store.ts';
import type { AgentStore } from './ports/agents.ts';
import type { ApprovalStore } from './ports/approvals.ts';
import type { DeltaStore } from './ports/deltas.ts';
import type { EventStore } from './ports/events.ts';
import type { StoreFigures } from './ports/figures.ts';
import type { GrantStore } from './ports/grants.ts';
import type { InstallationStore } from './ports/installation.ts';
import type { LeaseStore } from './ports/leases.ts';
import type { Ledger } from './ports/ledger.ts';
import type { ModelCapacityStore } from './ports/model-capacity.ts';
import type { SessionStore } from './ports/sessions.ts';
import type { SnapshotStore } from './ports/snapshots.ts';
import type { TokenStore } from './ports/tokens.ts';
import type { TranscriptStore } from './ports/transcript.ts';
import type { TurnStore } from './ports/turns.ts';
import type { WaiterStore } from './ports/waiters.ts';
import type { WebhookStore } from './ports/webhooks.ts';
import type { WorkerStore } from './ports/workers.ts';

export type * from './ports/agents.ts';
export type * from './ports/approvals.ts';
export type * from './ports/deltas.ts';
export type * from './ports/events.ts';
export type * from './ports/figures.ts';
export type * from './ports/grants.ts';
export type * from './ports/installation.ts';
export type * from './ports/leases.ts';
export type * from './ports/ledger.ts';
export type * from './ports/model-capacity.ts';
export type * from './ports/sessions.ts';
export type * from './ports/snapshots.ts';
export type * from './ports/tokens.ts';
export type * from './ports/transcript.ts';
export type * from './ports/transcript-rest.ts';
export type * from './ports/transcript-turn.ts';
export type * from './ports/turns.ts';
export type * from './ports/waiters.ts';
export type * from './ports/webhooks.ts';
export type * from './ports/workers.ts';

/** Everything that Longturn keeps outside Temporal. */
export interface Store extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  readonly turns: TurnStore;
  readonly sessions: SessionStore;
  readonly events: EventStore;
  readonly approvals: ApprovalStore;
  readonly grants: GrantStore;
  readonly transcript: TranscriptStore;
  readonly ledger: Ledger;
  readonly deltas: DeltaStore;
  /** The note store in this database. */
  readonly notes: NoteStore;
  /** Which sessions' records the note store in use, this one or another, does not have yet. */
  readonly noteOutbox: NoteOutbox;
  readonly agents: AgentStore;
  readonly snapshots: SnapshotStore;
  readonly tokens: TokenStore;
  readonly workers: WorkerStore;
  readonly leases: LeaseStore;
  readonly deletion: DeletionStore;
  readonly modelCapacity: ModelCapacityStore;
  readonly installation: InstallationStore;
  readonly waiters: WaiterStore;
  readonly webhooks: WebhookStore;
  /** Managed auth: profiles, connections, flows, credentials, secrets. */
  readonly auth: AuthStore;
  /** For metrics; each figure is read from an index. */
  figures(): Promise<StoreFigures>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /**
   * Deletes what is past its time: idempotency keys after 7 days, deltas of ended turns after a minute or what is kept of
   * them, workers after a day.
   */
  sweep(now: string, deltasKeptMs?: number): Promise<void>;
}

/** A cursor that this store did not give out. */
export class CursorError extends Error {
  override name = 'CursorError';
}
