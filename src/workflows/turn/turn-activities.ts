import type {
  Failure,
  Grant,
  JsonObject,
  Truncation,
  TurnEvent,
  TurnFact,
  Usage,
} from '../../contract/index.ts';
import type { PreparedTurn } from '../../core/turn/prepared-turn.ts';

/** Type of the failure of an activity whose worker does not have the turn in its store: it says nothing about the turn. */
export const TURN_NOT_HERE = 'turn_not_here';

/** Events that an activity carries to the store before it does anything else. */
export interface Carry {
  events: TurnEvent[];
}

/**
 * A tool call as the model asked for it. `invalid`: why it cannot be executed; `code`: of what kind that is. `begun`: it was
 * allowed and begun in the turn that this one retries, so that the ledger decides what becomes of it.
 */
export interface RequestedCall {
  callId: string;
  tool: string;
  input: JsonObject;
  inputDigest: string;
  invalid?: string;
  /** Default: `invalid_input`. */
  code?: 'too_many_calls';
  begun?: boolean;
}

export interface ModelStep {
  /** The model that answered, where it was not the agent's own. */
  model?: string;
  text: string;
  calls: RequestedCall[];
  usage: Usage;
}

/** The conversation is too long to ask the model: it nears the window (`full`), or the provider said so (`overflow`). */
export interface CompactionDue {
  reason: 'full' | 'overflow';
  /** What the model would have read, estimated. */
  tokens: number;
  /** What the provider said. */
  message?: string;
}

export interface CompactContextInput extends Carry {
  turnId: string;
  /** The step that the model is to be asked for next. */
  step: number;
  /** How often it was compacted for this step before. */
  round: number;
  due: CompactionDue;
  again?: Again;
}

/** What became shorter; without `saved` nothing could be. */
export interface Compacted {
  saved?: Omit<Extract<TurnFact, { type: 'context.compacted' }>, 'type'>;
  usage: Usage;
}

/** What the model is told of one call. */
export type ToolOutcome = { output: string; truncated?: Truncation } | { error: Failure };

/** A tool has no result yet: it is executed again when it is woken, or after a while. */
export interface ToolWait {
  waiting: {
    /** From when on it will have one. */
    untilAt: string;
    lookAfterMs: number;
  };
}

/** Says that workers lacked what an activity needs. */
export interface Again {
  /** When the first of them said so. */
  since: string;
  attempt: number;
  /** Queue of a worker that says that it has it; else any may try. */
  taskQueue?: string;
}

export interface RunToolInput extends Carry {
  again?: Again;
  turnId: string;
  sessionId: string;
  agent: string;
  callId: string;
  step: number;
  tool: string;
  idempotent: boolean;
  timeoutMs: number;
  /** Whether a person edited the input. The activity takes it from the store: many at once would be too large to send. */
  edited: boolean;
}

export interface KeepResultInput {
  turnId: string;
  callId: string;
  tool: string;
  content: string;
  /** The content is what the client's tool failed with. */
  isError?: boolean;
}

export interface FinishTurnInput extends Carry {
  turnId: string;
  usage: Usage;
  /** Calls whose wait the end cuts short. */
  waiting?: string[];
}

/** Everything that a turn's workflow asks to be done. */
export interface TurnActivities {
  /**
   * Pins what the turn works with, and answers the pin with limits and grants. A local activity: its workflow task may never
   * be committed, and it is then repeated, by any worker. It writes
   *
   * - definition and catalogue, under their digests;
   * - the pin, `running` and the session's record in the turn's row, once: only while the row is `starting`.
   *
   * A repetition finds these and writes nothing; it answers the same pin, whatever the agent is by then. A row that is
   * `running` without a workflow that goes on is ended by the reconciler, as any other.
   */
  prepareTurn(input: { turnId: string; again?: Again }): Promise<PreparedTurn>;
  /**
   * Asks the model for one step; a step that was answered before is not asked again. `compaction`: the workflow can have the
   * conversation made shorter, and has done so `round` times for this step.
   */
  callModel(
    input: Carry & { turnId: string; step: number; again?: Again; compaction?: { round: number } },
  ): Promise<ModelStep | { compact: CompactionDue }>;
  /** Makes what the model is shown shorter from this step on; a compaction that was made before is not made again. */
  compactContext(input: CompactContextInput): Promise<Compacted>;
  /** Makes the step in which the retried turn was cut short this turn's first; `calls` are those without a result. */
  resumeStep(input: Carry & { turnId: string }): Promise<ModelStep>;
  /** Executes one tool call, guarded by the ledger; one that waits is executed again with the same input. */
  runTool(input: RunToolInput): Promise<ToolOutcome | ToolWait>;
  /** What became of an execution whose activity was lost. `begun: false`: it never started. */
  settleTool(input: {
    turnId: string;
    callId: string;
    /** Set where a worker had taken the activity of a tool that may not be executed twice. */
    taken?: { tool: string };
  }): Promise<{ begun: false } | { begun: true; outcome: ToolOutcome }>;
  /** Only carries events, when nothing else does. */
  recordEvents(input: Carry & { turnId: string }): Promise<void>;
  /** Keeps a grant, by its id once. */
  writeGrant(input: { grant: Grant }): Promise<void>;
  /** Counts one use of a grant with `maxUses`; false when it is used up. */
  useGrant(input: { grant: Grant; callId: string }): Promise<boolean>;
  /** Keeps a result that was cut for the model, in full. */
  keepResult(input: KeepResultInput): Promise<void>;
  /** Ends the turn in the store, then starts the session's next. */
  finishTurn(input: FinishTurnInput): Promise<void>;
}
