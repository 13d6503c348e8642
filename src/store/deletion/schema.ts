import type { Selectable } from 'kysely';

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

/** Snapshots that a deleted turn had pinned. */
export interface OrphanTable {
  digest: string;
}

/** What is left of deleted turns. */
export interface DeletionDatabase {
  tombstones: TombstoneTable;
  orphans: OrphanTable;
}

export type TombstoneRow = Selectable<TombstoneTable>;
