import type { Selectable } from 'kysely';
import type {
  ConnectionStatus,
  FlowStatus,
  FlowStep,
  FlowType,
  ReauthReason,
  TimelineType,
} from '../../contract/index.ts';

/* The tables of managed auth, by the rules of `../schema.ts`. What is sealed is kept as it is. */

export interface ProfileTable {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
  last_used_at: string | null;
  version: number;
}

export interface ProfileStateTable {
  profile_id: string;
  version: number;
  state: string;
}

export interface ConnectionTable {
  id: string;
  profile_id: string;
  domain: string;
  status: ConnectionStatus;
  flow_id: string | null;
  last_auth_check_at: string | null;
  can_reauth: number;
  can_reauth_reason: ReauthReason;
  created_at: string;
  updated_at: string;
  /** A JSON string. */
  post_login_url: string | null;
  settings: string;
  learnt: string | null;
}

/** Changes that were applied, so that a repeated one is known. */
export interface ConnectionChangeTable {
  connection_id: string;
  change_id: string;
  changed_at: string;
  /** JSON: ids of what it queued. */
  deliveries: string;
}

export interface FlowTable {
  id: string;
  connection_id: string;
  type: FlowType;
  status: FlowStatus;
  step: FlowStep;
  revision: number;
  interaction_id: string | null;
  expires_at: string;
  created_at: string;
  view_at: string;
  ended_at: string | null;
  started_by: string | null;
  view: string;
}

/** Which interaction a client was shown last. */
export interface ShownTable {
  flow_id: string;
  client: string;
  interaction_id: string;
}

export interface SubmitTable {
  flow_id: string;
  body_hash: string;
  interaction_id: string;
  submitted_at: string;
}

export interface TimelineTable {
  connection_id: string;
  id: string;
  type: TimelineType;
  happened_at: string;
  event: string;
}

/** A page of a login: JSON. `revision`: of the view that it came with. */
export interface FlowStepTable {
  flow_id: string;
  n: number;
  revision: number;
  step: string;
}

export interface HandoffTable {
  code_hash: string;
  connection_id: string;
  flow_id: string;
  expires_at: string;
  exchanged_at: string | null;
  used_at: string | null;
  /** JSON. */
  return_to: string | null;
}

export interface CredentialTable {
  id: string;
  name: string;
  domain: string;
  created_at: string;
  updated_at: string;
  has_values: number;
  has_totp_secret: number;
  /** A JSON string. */
  sso_provider: string | null;
  value_keys: string;
  sealed: string;
}

export interface TotpUseTable {
  credential_id: string;
  step: number;
  used_at: string;
}

export interface SecretTable {
  id: string;
  flow_id: string;
  interaction_id: string;
  expires_at: string;
  sealed: string;
}

export interface ParkedTable {
  flow_id: string;
  expires_at: string;
  sealed: string;
}

export interface ReadingTable {
  connection_id: string;
  flow_id: string;
  taken_at: string;
  expires_at: string;
  sealed: string;
}

export interface ReportTable extends ReadingTable {
  id: string;
  created_at: string;
  size: number;
  /** JSON. */
  about: string;
}

export interface PreviewTable {
  flow_id: string;
  interaction_id: string;
  expires_at: string;
  sealed: string;
}

/** Where versions up to 0.2 keep the calls that wait for a login. */
export interface ReleasedWaiterTable {
  connection_id: string;
  call_id: string;
  turn_id: string;
}

export interface AuthDatabase {
  auth_waiters: ReleasedWaiterTable;
  auth_profiles: ProfileTable;
  auth_profile_states: ProfileStateTable;
  auth_connections: ConnectionTable;
  auth_connection_changes: ConnectionChangeTable;
  auth_flows: FlowTable;
  auth_shown: ShownTable;
  auth_submits: SubmitTable;
  auth_timeline: TimelineTable;
  auth_flow_steps: FlowStepTable;
  auth_handoffs: HandoffTable;
  auth_credentials: CredentialTable;
  auth_totp_uses: TotpUseTable;
  auth_secrets: SecretTable;
  auth_parked: ParkedTable;
  auth_readings: ReadingTable;
  auth_reports: ReportTable;
  auth_previews: PreviewTable;
}

export type ProfileRow = Selectable<ProfileTable>;
export type ConnectionRow = Selectable<ConnectionTable>;
export type FlowRow = Selectable<FlowTable>;
export type HandoffRow = Selectable<HandoffTable>;
export type ReadingRow = Selectable<ReadingTable>;
export type ReportRow = Selectable<ReportTable>;
export type CredentialRow = Selectable<CredentialTable>;
