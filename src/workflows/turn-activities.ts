import type {
  AgentDefinition,
  CatalogueTool,
  Failure,
  Grant,
  JsonObject,
  Truncation,
  TurnEvent,
  Usage,
} from '../contract/index.ts';

/** Events that an activity carries to the store before it does anything else. */
export interface Carry {
  events: TurnEvent[];
}

/** What a turn pins when it begins. */
export interface PreparedTurn {
  /** When it was prepared. */
  at: string;
  digests: { definition: string; catalogue: string };
  limits: { maxSteps: number; maxTokens?: number; deadlineMs?: number };
  approvalExpiresAfterMs: number;
  policy: AgentDefinition['policy'];
  tools: Pick<CatalogueTool, 'name' | 'locus' | 'idempotent' | 'gate' | 'timeoutMs'>[];
  grants: Grant[];
}

/** A tool call as the model asked for it. `invalid`: why it cannot be executed. */
export interface RequestedCall {
  callId: string;
  tool: string;
  input: JsonObject;
  inputDigest: string;
  invalid?: string;
}

export interface ModelStep {
  text: string;
  calls: RequestedCall[];
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

export interface FinishTurnInput extends Carry {
  turnId: string;
  usage: Usage;
  /** Calls whose wait the end cuts short. */
  waiting?: string[];
}

/** Everything that a turn's workflow asks to be done. */
export interface TurnActivities {
  /** Reads definition, catalogue, limits and grants, and pins them. Harmless to repeat: it runs as a local activity. */
  prepareTurn(input: { turnId: string; again?: Again }): Promise<PreparedTurn>;
  /** Asks the model for one step; a step that was answered before is not asked again. */
  callModel(input: Carry & { turnId: string; step: number; again?: Again }): Promise<ModelStep>;
  /** Executes one tool call, guarded by the ledger; one that waits is executed again with the same input. */
  runTool(input: RunToolInput): Promise<ToolOutcome | ToolWait>;
  /** What became of an execution whose activity was lost. `begun: false`: it never started. */
  settleTool(input: {
    turnId: string;
    callId: string;
  }): Promise<{ begun: false } | { begun: true; outcome: ToolOutcome }>;
  /** Only carries events, when nothing else does. */
  recordEvents(input: Carry & { turnId: string }): Promise<void>;
  /** Keeps a grant, by its id once. */
  writeGrant(input: { grant: Grant }): Promise<void>;
  /** Counts one use of a grant with `maxUses`; false when it is used up. */
  useGrant(input: { grant: Grant; callId: string }): Promise<boolean>;
  /** Keeps a result that was cut for the model, in full. */
  keepResult(input: { turnId: string; callId: string; tool: string; content: string }): Promise<void>;
  /** Ends the turn in the store, then starts the session's next. */
  finishTurn(input: FinishTurnInput): Promise<void>;
}
