import type { FlowStart } from './flow.ts';

/** A login that was begun, and whether it still goes on. */
export interface RunningFlow {
  start: FlowStart;
  done: boolean;
}

/** One connection as its workflow holds it. */
export interface Connection {
  connectionId: string;
  flow?: RunningFlow;
  /** Asked for, not yet started. */
  wanted?: FlowStart;
  checkWanted: boolean;
  configured: boolean;
  closed: boolean;
  /** Automatic logins that failed since the last success. */
  failedReauths: number;
  /** Workflow time of the last proof, in milliseconds. */
  lastCheckAt?: number;
}
