import type { Generated, Selectable } from 'kysely';

export interface UpkeepLeaseTable {
  name: string;
  /** Rounds begun so far. */
  number: number;
}

export interface WorkerTable {
  id: string;
  seen_at: string;
  /** When it said that it ends. */
  left_at: string | null;
  build_id: string | null;
  started_at: string | null;
  /** JSON: a list of texts. */
  capabilities: string | null;
  /** 1 while the worker ends. */
  draining: Generated<number>;
}

/** One row: which version made the tables, and which may use them. */
export interface StoreVersionTable {
  id: number;
  version: string;
  usable_since: string;
}

/** What is left of a deleted turn. */
export interface TombstoneTable {
  turn_id: string;
  session_id: string;
  ordinal: number;
  agent: string;
  status: 'completed' | 'failed' | 'cancelled';
  created_at: string;
  started_at: string | null;
  ended_at: string;
  input_tokens: number;
  output_tokens: number;
  event_count: number;
  chain: string;
  input_digest: string;
  output_digest: string | null;
  deleted_at: string;
  /** JSON: by whom and why. */
  deletion: string;
  /** When the store held nothing of it any more. */
  emptied_at: string | null;
  /** When the engine held nothing of it either. */
  erased_at: string | null;
}

/** How many turns have ended; the sum of the rows counts. */
export interface TurnTotalsTable {
  shard: number;
  completed: number;
  failed: number;
  cancelled: number;
}

/** Snapshots that a deleted turn had pinned. */
export interface OrphanTable {
  digest: string;
}

export interface ModelCapacityTable {
  scope: string;
  revision: number;
  /** JSON. */
  state: string;
}

export interface InstallationTable {
  place: 1;
  id: string;
  in_names: 0 | 1;
  made_at: string;
}

/** Tables of running an installation: its workers, their rounds, what they share, and what is left of deleted turns. */
export interface OperationsDatabase {
  upkeep_leases: UpkeepLeaseTable;
  workers: WorkerTable;
  store_versions: StoreVersionTable;
  tombstones: TombstoneTable;
  turn_totals: TurnTotalsTable;
  orphans: OrphanTable;
  model_capacity: ModelCapacityTable;
  installation: InstallationTable;
}

export type TombstoneRow = Selectable<TombstoneTable>;
export type InstallationRow = Selectable<InstallationTable>;
