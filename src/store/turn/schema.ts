import type { Selectable } from 'kysely';

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

export interface SnapshotTable {
  digest: string;
  value: string;
}

/** Tool calls that wait for something of a capability. */
export interface WaiterTable {
  kind: string;
  subject: string;
  call_id: string;
  turn_id: string;
}

/** Sessions, their turns, and what each turn keeps. */
export interface TurnDatabase {
  waiters: WaiterTable;
  sessions: SessionTable;
  turns: TurnTable;
  idempotency_keys: IdempotencyKeyTable;
  turn_events: TurnEventTable;
  superseded_events: SupersededEventTable;
  approvals: ApprovalTable;
  grants: GrantTable;
  grant_uses: GrantUseTable;
  turn_steps: TurnStepTable;
  compactions: CompactionTable;
  ledger: LedgerTable;
  staged_results: StagedResultTable;
  deltas: DeltaTable;
  snapshots: SnapshotTable;
}

export type SessionRow = Selectable<SessionTable>;
export type TurnRow = Selectable<TurnTable>;
export type ApprovalRow = Selectable<ApprovalTable>;
export type GrantRow = Selectable<GrantTable>;
export type LedgerTableRow = Selectable<LedgerTable>;
