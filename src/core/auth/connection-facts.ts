import type {
  ConnectionStatus,
  CredentialFacts,
  FlowErrorCode,
  FlowView,
  LearntLogin,
  Reauth,
} from '../../contract/index.ts';

/** Bounds of one login, in milliseconds. */
export interface FlowLimits {
  /** Longest wait for one answer. */
  inputTimeoutMs: number;
  /** Longest time of the whole login. */
  flowTimeoutMs: number;
  /** How long a browser stays open while nobody answers. */
  parkAfterMs: number;
}

/** What a connection's workflow, or a flow, must know of the connection right now. */
export interface ConnectionFacts {
  domain: string;
  status: ConnectionStatus;
  healthChecks: boolean;
  autoReauth: boolean;
  /** Seconds. */
  healthCheckIntervalS: number;
  /** Absent: never checked. */
  lastAuthCheckAt?: string;
  credential: CredentialFacts;
  ssoProvider?: string;
  reauth: Reauth;
  learnt?: LearntLogin;
  /** For logins that the connection begins itself. */
  limits: FlowLimits;
  hostedUrl: string | null;
  /** Pictures are taken of pages that ask. Absent: they are not. */
  previews?: true;
}

/** What a flow tells the connection that began it. */
export interface FlowEnd {
  status: Exclude<FlowView['flow_status'], 'IN_PROGRESS'>;
  errorCode: FlowErrorCode | null;
}
