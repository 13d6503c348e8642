import type { Selectable } from 'kysely';
import type { AuthDatabase } from './auth/schema.ts';
import type { OperationsDatabase } from './operations-schema.ts';

/*
 * One schema for both databases: ids and ISO instants as text, JSON as text, numbers as
 * integers. Columns that may be long stand last, so that reading the others does not walk over them.
 */

export interface SessionTable {
  id: string;
  agent: string;
  created_at: string;
  updated_at: string;
  turn_count: number;
  completed: number;
  failed: number;
  cancelled: number;
  input_tokens: number;
  output_tokens: number;
  /** Since when the session is deleted; its row stays. */
  deleted_at: string | null;
  /** JSON: by whom and why. */
  deletion: string | null;
}

export interface TurnTable {
  id: string;
  session_id: string;
  ordinal: number;
  agent: string;
  state: 'queued' | 'starting' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** 1 while `pending` is not empty. */
  waiting: number;
  created_at: string;
  starting_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  /** Round in which the reconciler checked it last; null: never. */
  checked: number | null;
  /** 1 once the engine has accepted its start. */
  start_accepted: number;
  /** How often its events were superseded by those of a reset run. */
  resets: number;
  input_tokens: number;
  output_tokens: number;
  /** JSON. */
  digests: string | null;
  /** First line of the input, shortened; a JSON string. */
  brief: string;
  /** Beginning of the output or the error, shortened; a JSON string. */
  outcome: string | null;
  limits: string;
  metadata: string;
  pending: string;
  error: string | null;
  client_tools: string;
  input: string;
  output: string | null;
  /** Since when the turn is deleted for its readers; the row itself goes last. */
  deleted_at: string | null;
  /** JSON: by whom and why. */
  deletion: string | null;
  /** JSON; set while a step waits for a model that failed. */
  model_wait: string | null;
  retry_of: string | null;
  rerun_of: string | null;
  /** 1 where some of its tokens are estimated. */
  usage_estimated: number | null;
  /** JSON: id and scopes of the token that the turn acts for; null: admitted before that was kept. */
  acting: string | null;
}

export interface IdempotencyKeyTable {
  token_id: string;
  key: string;
  body_digest: string;
  turn_id: string;
  created_at: string;
}

export interface TurnEventTable {
  turn_id: string;
  seq: number;
  type: string;
  call_id: string | null;
  /** The event's JSON, byte for byte. */
  event: string;
}

/** An event of a turn that a reset of its workflow has superseded. */
export interface SupersededEventTable {
  turn_id: string;
  /** Which reset, from 1. */
  reset: number;
  seq: number;
  superseded_at: string;
  event: string;
}

export interface ApprovalTable {
  call_id: string;
  turn_id: string;
  session_id: string;
  agent: string;
  tool: string;
  status: 'pending' | 'allowed' | 'denied' | 'answered' | 'expired';
  input_digest: string;
  allowed_actions: string;
  requested_at: string;
  expires_at: string | null;
  action: 'allow' | 'deny' | 'always' | 'respond' | 'expired' | 'granted' | 'policy' | null;
  decided_by: string | null;
  via: string | null;
  decided_at: string | null;
  grant_id: string | null;
  decision_id: string | null;
  message: string | null;
  input: string;
  edited_input: string | null;
}

export interface GrantTable {
  id: string;
  session_id: string;
  turn_id: string;
  call_id: string;
  tool: string;
  locus: 'server' | 'mcp' | 'client';
  scope: 'turn' | 'session';
  matcher: string | null;
  granted_by: string;
  granted_at: string;
  expires_at: string | null;
  max_uses: number | null;
  uses: number;
  revoked_at: string | null;
}

export interface GrantUseTable {
  grant_id: string;
  call_id: string;
  used_at: string;
}

export interface TurnStepTable {
  turn_id: string;
  step: number;
  result: string;
}

export interface CompactionTable {
  turn_id: string;
  step: number;
  /** Several may be needed before one step. */
  round: number;
  compaction: string;
}

export interface LedgerTable {
  call_id: string;
  turn_id: string;
  tool: string;
  state: 'started' | 'completed' | 'failed' | 'unknown';
  executions: number;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  content: string | null;
}

/** Results that were handed in and that no event names yet. */
export interface StagedResultTable {
  call_id: string;
  digest: string;
  turn_id: string;
  /** 1: the content is what the client's tool failed with. */
  is_error: number;
  staged_at: string;
  content: string;
}

export interface DeltaTable {
  turn_id: string;
  step: number;
  n: number;
  delta: string;
}

export interface NoteTable {
  id: string;
  path: string;
  kind: 'thread' | 'written';
  revision: number;
  created_at: string;
  updated_at: string;
  tags: string;
  metadata: string;
  content: string;
}

export interface NoteTagTable {
  tag: string;
  note_id: string;
}

export interface AgentTable {
  name: string;
  digest: string;
  source: 'file' | 'api';
  updated_at: string;
  definition: string;
}

export interface AgentFileTable {
  name: string;
  file_digest: string;
  taken_at: string;
  /** Since when the file is not there any more. */
  retired_at: string | null;
  /** When the agent was deleted by the API, the file being there. */
  deleted_at: string | null;
}

export interface SnapshotTable {
  digest: string;
  value: string;
}

export interface TokenTable {
  id: string;
  name: string;
  scopes: string;
  secret_hash: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

/** A token of a token file. */
export interface FileTokenTable {
  token_id: string;
  /** Id of the data folder whose file holds it; empty: not known. */
  folder: string;
  secret_hash: string;
  /** Set once it has ended: it is not taken again, whatever a file holds. */
  ended_at: string | null;
}

/** All tables. Those of the full text search belong to its adapters. */
export interface Database extends AuthDatabase, OperationsDatabase {
  sessions: SessionTable;
  turns: TurnTable;
  idempotency_keys: IdempotencyKeyTable;
  turn_events: TurnEventTable;
  approvals: ApprovalTable;
  grants: GrantTable;
  grant_uses: GrantUseTable;
  turn_steps: TurnStepTable;
  compactions: CompactionTable;
  ledger: LedgerTable;
  staged_results: StagedResultTable;
  deltas: DeltaTable;
  notes: NoteTable;
  note_tags: NoteTagTable;
  agents: AgentTable;
  agent_files: AgentFileTable;
  snapshots: SnapshotTable;
  tokens: TokenTable;
  file_tokens: FileTokenTable;
  superseded_events: SupersededEventTable;
}

export type SessionRow = Selectable<SessionTable>;
export type TurnRow = Selectable<TurnTable>;
export type ApprovalRow = Selectable<ApprovalTable>;
export type GrantRow = Selectable<GrantTable>;
export type NoteRow = Selectable<NoteTable>;
export type LedgerTableRow = Selectable<LedgerTable>;
