import type { Failure } from '../../contract/index.ts';

/** What became of one execution of a tool. */
export interface LedgerRow {
  callId: string;
  turnId: string;
  tool: string;
  /** `started` is the intent; `unknown` was given up and is never executed again. */
  state: 'started' | 'completed' | 'failed' | 'unknown';
  /** How often an execution was begun. */
  executions: number;
  content?: string;
  error?: Failure;
  startedAt: string;
  endedAt?: string;
}

/** One execution of a call, by the ledger's count of them. */
export interface ToolExecution {
  callId: string;
  execution: number;
}

export interface Ledger {
  /**
   * Writes the intent to execute; without `again` (a tool that is executed once) it outlives a power cut. Where a row is there: returned as it is, unless `again` (an idempotent tool)
   * and still `started`, which counts one more execution. `begun` says whether the caller may execute.
   */
  begin(intent: { callId: string; turnId: string; tool: string; at: string; again: boolean }): Promise<{
    begun: boolean;
    row: LedgerRow;
  }>;
  /**
   * Writes the result of a `started` row; any other state stays as it is. With `execution`: only where it is the newest.
   * Returns the row in force.
   */
  settle(
    callId: string,
    result: { content: string } | { error: Failure },
    at: string,
    execution?: number,
  ): Promise<LedgerRow>;
  /** `started` → `unknown`, by compare-and-set. Returns the row in force; undefined when nothing was begun. */
  giveUp(callId: string, at: string): Promise<LedgerRow | undefined>;
  get(callId: string): Promise<LedgerRow | undefined>;
  /** Keeps a result that no tool of ours produced (a client's, a person's), in full. First one wins. */
  keep(row: {
    callId: string;
    turnId: string;
    tool: string;
    content: string;
    /** It is what the client's tool failed with. */
    isError?: boolean;
    at: string;
  }): Promise<void>;
  /**
   * Stores a result that is about to be handed in. It is the call's only once an event names its digest: the append of that
   * event makes it the row's result and drops what else was staged for the call.
   */
  stage(result: StagedResult): Promise<void>;
  /** What is staged under the digest, if it is still. */
  staged(callId: string, digest: string): Promise<Pick<StagedResult, 'content' | 'isError'> | undefined>;
}

/** A result that the turn may take, or not. */
export interface StagedResult {
  callId: string;
  /** Digest that the event will have, if this is the result that the turn takes. */
  digest: string;
  turnId: string;
  content: string;
  isError: boolean;
  at: string;
}
