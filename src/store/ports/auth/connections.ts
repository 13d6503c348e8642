import type {
  AuthEventType,
  ConnectionSettings,
  ConnectionStatus,
  LearntLogin,
  ReauthReason,
  TimelineEvent,
} from '../../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from '../offset-page.ts';

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
   * Applies a change, writes the timeline entry and queues a delivery of `event` for each webhook that wants it, in one
   * transaction. Repeated with the same `changeId`: nothing changes. Undefined: the connection is deleted.
   */
  change(change: {
    id: string;
    changeId: string;
    set: ConnectionChange;
    timeline?: TimelineEvent;
    event?: AuthEventType;
    at: string;
  }): Promise<{ connection: ConnectionRecord; deliveries: string[] } | undefined>;
  /** Deletes the connection, its flows, timeline, secrets and learnt login; the profile stays. */
  delete(id: string): Promise<boolean>;
  counts(): Promise<{ connections: Partial<Record<ConnectionStatus, number>>; flowsInProgress: number }>;
}
