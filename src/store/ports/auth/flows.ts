import type { FlowType, FlowView, StepFacts } from '../../../contract/index.ts';

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
   * the change means (`AuthEventType`), in one transaction. `written` is false for an old revision and for a
   * flow that has ended; then nothing changes but `steps`, which replace those of their number that came with an older view.
   */
  put(flow: {
    connectionId: string;
    view: FlowView;
    at: string;
    startedBy?: string;
    steps?: StepFacts[];
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
  /** The interaction of the submit that was noted last; of the greater id where two were noted at once. */
  lastSubmitted(flowId: string): Promise<string | undefined>;
}
