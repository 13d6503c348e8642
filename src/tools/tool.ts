import type { z } from 'zod';
import type { CatalogueTool, Gate, Json, JsonObject, Scope, Subjects } from '../contract/index.ts';
import type { Bounds } from './bounds.ts';
import type { NoteAccess } from './notes/note-access.ts';

/** What a tool may know of the call that it executes. */
export interface ToolContext {
  /** Also the idempotency key of the call. */
  callId: string;
  turnId: string;
  sessionId: string;
  agent: string;
  /** The agent's own folder; exists. */
  workspace: string;
  /** When the call was first executed: the same in every further execution. */
  begunAt: string;
  /** Which execution of the call this is: an idempotent tool may be executed again. */
  execution: number;
  /**
   * Throws {@link ExecutionSuperseded} where another execution of the call has begun, or the call has its result: this one
   * was stalled, and what it would do now might undo what came later. A tool that may be executed again asks right before
   * it takes effect.
   */
  assertInForce(): Promise<void>;
  /**
   * Reads what the policy says of calls that this one leads to: of a redirect, of a file in a folder that is searched. A tool
   * that goes on to something that its input does not name asks before it does.
   */
  further(): Promise<(input: JsonObject) => Further>;
  /** Which notes the turn's pinned definition lets its tools read and write. */
  noteAccess(): Promise<NoteAccess>;
  /** Reads what the agent's commands and files may take up. */
  bounds(): Promise<Bounds>;
  /** Aborted when the turn is cancelled, or the tool's time is over. */
  signal: AbortSignal;
}

/**
 * What the policy says of a call that another one leads to. `rule`: `rules[n]`, `default` or `tool`. `sameRule`: it is the one
 * that the first call fell under; `approved`: so that what a person decided of that one goes for this one as well.
 */
export type Further =
  | { gate: 'allow' }
  | { gate: 'ask'; rule: string; reason?: string; sameRule: boolean; approved: boolean }
  | { gate: 'deny'; rule: string; reason?: string; sameRule: boolean };

/** A tool that the server executes. */
export interface Tool<Input = Json> {
  name: string;
  /** What the model reads. */
  description: string;
  input: z.ZodType<Input>;
  /** What arguments stand for: a policy judges the value that the tool will use. */
  subjects?: Subjects;
  /** True when a second execution with the same call id does no harm. */
  idempotent: boolean;
  /** Whether a person must decide, where the policy says nothing. */
  gate: Gate;
  /**
   * The scope that the API asks for where it tells or takes the same: it is executed where the token that started the turn has
   * it. Absent: nothing that it reaches is behind a scope.
   */
  scope?: Scope;
  /** Longest time of one execution, in milliseconds. */
  timeoutMs: number;
  /**
   * Executes; the returned text is the result. A tool of the registry takes any JSON and parses it (`defineTool`). Throws
   * {@link ToolError} for what the model should read, and {@link ToolWaits} where there is no result yet.
   */
  run(input: Input, context: ToolContext): Promise<string>;
}

/** A failure that the model is told: a stable code and a sentence that says how to mend it. */
export class ToolError extends Error {
  override name = 'ToolError';
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The execution was stalled until another one took its place: it must not take effect, and its result is nobody's. */
export class ExecutionSuperseded extends Error {
  override name = 'ExecutionSuperseded';

  constructor() {
    super('Another execution of this call has taken the place of this one.');
  }
}

/**
 * An idempotent tool has no result yet. Nothing of it runs while it waits: the call stays open, durably, and the tool is
 * executed again with the same call id, as soon as the turn is sent the signal `wakeCall` and otherwise after a while. It
 * must have seen to its being woken before it looked at what it waits for.
 */
export class ToolWaits extends Error {
  override name = 'ToolWaits';
  readonly untilAt: string;
  readonly lookAfterMs: number;

  /** `untilAt`: from when on the tool will have a result, whatever happens. `lookAfterMs`: when it looks unwoken. */
  constructor({ untilAt, lookAfterMs }: { untilAt: string; lookAfterMs: number }) {
    super(`waits until ${untilAt} at the latest`);
    this.untilAt = untilAt;
    this.lookAfterMs = lookAfterMs;
  }
}

/** The tools of this worker. */
export interface ToolRegistry {
  names(): string[];
  /** The tool of that name; undefined when this worker has none. */
  get(name: string): Tool | undefined;
  /** Catalogue entry of a tool: schema as JSON Schema, locus, idempotency, gate, time. */
  describe(name: string): CatalogueTool | undefined;
}
