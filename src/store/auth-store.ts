import type {
  ConnectionSettings,
  ConnectionStatus,
  Credential,
  FlowType,
  FlowView,
  LearntLogin,
  Profile,
  ReauthReason,
  TimelineEvent,
  TimelineType,
  Webhook,
  WebhookDelivery,
  WebhookEventType,
  WebhookPayload,
} from '../contract/index.ts';

/** Lists of the vendor-compatible routes: by offset, with what follows. */
export interface OffsetQuery {
  /** Most items, 1–100. */
  limit: number;
  offset: number;
}
export interface OffsetPage<T> {
  items: T[];
  hasMore: boolean;
}

/** Encrypted with the keyring of `src/secrets`; the store never sees what is inside. */
export type Sealed = string;

/** Saved browser state with its name. `version` counts the saves. */
export interface ProfileRecord extends Profile {
  version: number;
}

export interface ProfileStore {
  /** The profile of a name, made on first use. */
  ensure(profile: { id: string; name: string; at: string }): Promise<ProfileRecord>;
  /** Makes a profile; undefined when the name is taken. */
  create(profile: { id: string; name: string; at: string }): Promise<ProfileRecord | undefined>;
  /** By id, else by name. */
  find(idOrName: string): Promise<ProfileRecord | undefined>;
  list(query: OffsetQuery & { name?: string; query?: string }): Promise<OffsetPage<ProfileRecord>>;
  /** False when another profile has the name; undefined when there is no such profile. */
  rename(id: string, name: string, at: string): Promise<ProfileRecord | false | undefined>;
  /** Deletes the profile and its state. `in_use`: connections refer to it. */
  delete(id: string): Promise<'deleted' | 'in_use' | 'missing'>;
  /** The saved state and the version it has; undefined when there is none yet. */
  state(id: string): Promise<{ state: Sealed; version: number } | undefined>;
  /**
   * Replaces the state where its version is still `version` (0: nothing saved yet): the lease of a save, which merges
   * what is there. False: somebody saved meanwhile, merge again.
   */
  saveState(save: { id: string; version: number; state: Sealed; at: string }): Promise<boolean>;
  touch(id: string, at: string): Promise<void>;
}

export interface ConnectionRecord {
  id: string;
  profileId: string;
  profileName: string;
  domain: string;
  status: ConnectionStatus;
  settings: ConnectionSettings;
  /** The most recent flow. */
  flowId?: string;
  postLoginUrl?: string;
  lastAuthCheckAt?: string;
  canReauth: boolean;
  canReauthReason: ReauthReason;
  learnt?: LearntLogin;
  createdAt: string;
  updatedAt: string;
}

/** What a flow, a check or a re-auth changes of its connection. Absent: unchanged. */
export interface ConnectionChange {
  status?: ConnectionStatus;
  postLoginUrl?: string;
  lastAuthCheckAt?: string;
  canReauth?: boolean;
  canReauthReason?: ReauthReason;
  learnt?: LearntLogin;
}

export interface ConnectionStore {
  /** Makes a connection with `profile` (made on first use); the existing one where (profile, domain) is taken. */
  create(connection: {
    id: string;
    profile: { id: string; name: string };
    domain: string;
    settings: ConnectionSettings;
    at: string;
  }): Promise<{ created: boolean; connection: ConnectionRecord }>;
  get(id: string): Promise<ConnectionRecord | undefined>;
  /** Newest first. `query` is part of the domain or of the profile's name. */
  list(
    query: OffsetQuery & { domain?: string; profileName?: string; query?: string },
  ): Promise<OffsetPage<ConnectionRecord>>;
  /** Connections that are logged in, by id, from behind the given one. */
  loggedIn(afterId: string, limit: number): Promise<ConnectionRecord[]>;
  configure(id: string, settings: ConnectionSettings, at: string): Promise<ConnectionRecord | undefined>;
  /**
   * Applies a change, writes the timeline entry and queues one delivery for each webhook that wants `type`, in one
   * transaction. Repeated with the same `changeId`: nothing changes. Undefined: the connection is deleted.
   */
  change(change: {
    id: string;
    changeId: string;
    set: ConnectionChange;
    timeline?: TimelineEvent;
    tell?: WebhookEventType;
    at: string;
  }): Promise<{ connection: ConnectionRecord; deliveries: string[] } | undefined>;
  /** Deletes the connection, its flows, timeline, secrets and learnt login; the profile stays. */
  delete(id: string): Promise<boolean>;
  counts(): Promise<{ connections: Partial<Record<ConnectionStatus, number>>; flowsInProgress: number }>;
}

/** A flow as the store keeps it: the read model that GET and all streams show. */
export interface FlowRecord {
  id: string;
  connectionId: string;
  type: FlowType;
  view: FlowView;
  /** Instant of the newest revision. */
  viewAt: string;
  createdAt: string;
  endedAt?: string;
  /** Token that began it; absent for the connection itself. */
  startedBy?: string;
}

export interface FlowStore {
  /**
   * Writes a view where its revision is greater than the stored one, or the flow is new; then it is also the
   * connection's newest flow, its timeline entry (id = flow id) is brought up to date, and deliveries are queued for what
   * the change means ({@link WebhookEventType}), in one transaction. `written` is false for an old revision and for a
   * flow that has ended; then nothing changes.
   */
  put(flow: {
    connectionId: string;
    view: FlowView;
    at: string;
    startedBy?: string;
  }): Promise<{ written: boolean; flow: FlowRecord; deliveries: string[] } | undefined>;
  get(id: string): Promise<FlowRecord | undefined>;
  /** Newest first. */
  ofConnection(connectionId: string, limit: number): Promise<FlowRecord[]>;
  /** Whether any is in progress. */
  areInProgress(): Promise<boolean>;
  /** In progress although their deadline passed before the instant. */
  overdue(before: string): Promise<FlowRecord[]>;
  /** Notes which interaction a client was shown last; a submit without an id answers that one. */
  noteShown(flowId: string, client: string, interactionId: string): Promise<void>;
  shown(flowId: string, client: string): Promise<string | undefined>;
  /** Notes an accepted submit, by keyed hash of client and body, so that a client's own retry is known. */
  noteSubmit(submit: { flowId: string; bodyHash: string; interactionId: string; at: string }): Promise<void>;
  submitSince(flowId: string, bodyHash: string, since: string): Promise<string | undefined>;
}

export interface TimelineStore {
  /** Newest first. */
  list(
    connectionId: string,
    query: OffsetQuery & { type?: TimelineType },
  ): Promise<OffsetPage<TimelineEvent>>;
}

/** A one-time code for a flow; only its hash is kept. */
export interface HandoffRecord {
  codeHash: string;
  connectionId: string;
  flowId: string;
  expiresAt: string;
  exchangedAt?: string;
  /** The session JWT made of it was used. */
  usedAt?: string;
}

export interface HandoffStore {
  create(handoff: {
    codeHash: string;
    connectionId: string;
    flowId: string;
    expiresAt: string;
  }): Promise<void>;
  get(codeHash: string): Promise<HandoffRecord | undefined>;
  /** Sets `exchangedAt` once, by compare-and-set; returns the record in force and whether this call set it. */
  exchange(codeHash: string, at: string): Promise<{ first: boolean; handoff: HandoffRecord } | undefined>;
  /** The JWT made of this code was used for the first time. */
  used(codeHash: string, at: string): Promise<void>;
}

/** A stored credential with its sealed values: JSON `{values, totpSecret?}`. */
export interface CredentialRecord extends Required<Omit<Credential, 'value_keys'>> {
  value_keys: string[];
  sealed: Sealed;
}

export interface CredentialStore {
  /** False when the name is taken; then `existing_id` is in the second place. */
  create(credential: CredentialRecord): Promise<{ created: boolean; credential: CredentialRecord }>;
  /** By id, else by name. */
  find(idOrName: string): Promise<CredentialRecord | undefined>;
  list(query: OffsetQuery & { domain?: string; query?: string }): Promise<OffsetPage<CredentialRecord>>;
  /** Replaces the record of this id where it is still as of `updatedAt`. False: it changed meanwhile, or the name is taken. */
  replace(credential: CredentialRecord, updatedAt: string): Promise<boolean>;
  delete(id: string): Promise<boolean>;
  /** Counts a TOTP time step as used, once per (credential, step). False: it was used already. */
  useTotp(credentialId: string, step: number, at: string): Promise<boolean>;
}

/** A submitted value: bound to one flow and one interaction, gone when used. */
export interface SecretRecord {
  id: string;
  flowId: string;
  interactionId: string;
  sealed: Sealed;
  expiresAt: string;
}

export interface SecretStore {
  put(secrets: SecretRecord[]): Promise<void>;
  /** Those of the ids that belong to the flow and have not expired. */
  get(flowId: string, ids: string[], at: string): Promise<SecretRecord[]>;
  delete(flowId: string, ids: string[]): Promise<void>;
  /** All of a flow, its parked page with them. */
  deleteFlow(flowId: string): Promise<void>;
  /** Keeps what a flow's browser was put away with; replaces an older one. */
  putParked(parked: { flowId: string; sealed: Sealed; expiresAt: string }): Promise<void>;
  getParked(flowId: string): Promise<Sealed | undefined>;
}

export interface WebhookRecord extends Webhook {
  sealedSecret: Sealed;
}
export interface DeliveryRecord extends WebhookDelivery {
  payload: WebhookPayload;
}

export interface WebhookStore {
  create(webhook: WebhookRecord): Promise<void>;
  get(id: string): Promise<WebhookRecord | undefined>;
  list(): Promise<WebhookRecord[]>;
  /** With its deliveries. */
  delete(id: string): Promise<boolean>;
  delivery(id: string): Promise<DeliveryRecord | undefined>;
  /** Newest first. */
  deliveries(webhookId: string, query: OffsetQuery): Promise<OffsetPage<DeliveryRecord>>;
  /** Counts an attempt and notes what came of it. `delivered` and `failed` are ends; only redelivery leaves them. */
  noteAttempt(attempt: {
    id: string;
    state: WebhookDelivery['state'];
    status?: number;
    error?: string;
    at: string;
  }): Promise<DeliveryRecord | undefined>;
  /** Back to `pending`, for a delivery by hand. */
  reopen(id: string): Promise<DeliveryRecord | undefined>;
  /** Pending since before the instant: their workflow was perhaps never started. */
  overdue(before: string): Promise<string[]>;
}

/** A turn's tool call that waits for a connection to be logged in. */
export interface AuthWaiter {
  connectionId: string;
  turnId: string;
  callId: string;
}

export interface AuthWaiterStore {
  add(waiter: AuthWaiter): Promise<void>;
  remove(callId: string): Promise<void>;
  of(connectionId: string): Promise<AuthWaiter[]>;
}

/** What managed auth keeps outside Temporal. */
export interface AuthStore {
  readonly profiles: ProfileStore;
  readonly connections: ConnectionStore;
  readonly flows: FlowStore;
  readonly timeline: TimelineStore;
  readonly handoffs: HandoffStore;
  readonly credentials: CredentialStore;
  readonly secrets: SecretStore;
  readonly webhooks: WebhookStore;
  readonly waiters: AuthWaiterStore;
}
