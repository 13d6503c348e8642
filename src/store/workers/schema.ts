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

/** How many turns have ended; the sum of the rows counts. */
export interface TurnTotalsTable {
  shard: number;
  completed: number;
  failed: number;
  cancelled: number;
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

/** Tables of running an installation: its workers, their rounds, and what they share. */
export interface WorkerDatabase {
  upkeep_leases: UpkeepLeaseTable;
  workers: WorkerTable;
  store_versions: StoreVersionTable;
  turn_totals: TurnTotalsTable;
  model_capacity: ModelCapacityTable;
  installation: InstallationTable;
}

export type InstallationRow = Selectable<InstallationTable>;
