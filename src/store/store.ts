import type {
  Agent,
  AgentDefinition,
  Approval,
  ClientTool,
  Delta,
  EndStatus,
  Failure,
  Grant,
  JsonObject,
  LimitsInput,
  ListApprovalsQuery,
  ListNotesQuery,
  ListTurnsQuery,
  Note,
  Page,
  PageQuery,
  PendingCall,
  Scope,
  Session,
  Token,
  TurnEvent,
  Usage,
} from '../contract/index.ts';
import type { AuthStore } from './auth-store.ts';

/** Where a turn stands in its session. `starting`: the session is its own, its workflow is being started. */
export type TurnState = 'queued' | 'starting' | 'running' | EndStatus;

/** A turn as the store keeps it: the read model's row. */
export interface TurnRecord {
  id: string;
  sessionId: string;
  /** Place in the session, from 1. */
  ordinal: number;
  agent: string;
  state: TurnState;
  input: string;
  clientTools: ClientTool[];
  limits: LimitsInput;
  metadata: Record<string, string>;
  /** What the turn waits for, as of the newest appended event. */
  pending: PendingCall[];
  /** Digests of the pinned definition and catalogue; set by {@link TurnStore.begin}. */
  digests?: { definition: string; catalogue: string };
  output?: string;
  usage: Usage;
  error?: Failure;
  createdAt: string;
  /** When the session became this turn's own. */
  startingAt?: string;
  startedAt?: string;
  endedAt?: string;
}

export interface NewTurn {
  id: string;
  sessionId: string;
  agent: string;
  input: string;
  clientTools: ClientTool[];
  limits: LimitsInput;
  metadata: Record<string, string>;
  createdAt: string;
}

/** A client's `Idempotency-Key`: unique per token, kept 7 days. */
export interface IdempotencyClaim {
  tokenId: string;
  key: string;
  /** Digest of the request body by meaning. */
  bodyDigest: string;
}

export type Admission =
  | { outcome: 'created' | 'replayed'; turn: TurnRecord }
  | { outcome: 'key_reused' }
  | { outcome: 'agent_mismatch'; agent: string };

/** How a turn ended. `events` are those not yet appended; the terminal event is the last. */
export interface TurnEnd {
  turnId: string;
  status: EndStatus;
  output?: string;
  error?: Failure;
  usage: Usage;
  endedAt: string;
  events: TurnEvent[];
}

export interface TurnStore {
  /**
   * Admits a turn in one transaction: claims the idempotency key, makes the session on first use (bound to its
   * first agent), numbers the turn, and makes it `starting` when nothing is ahead in the session, else `queued`.
   */
  admit(turn: NewTurn, claim?: IdempotencyClaim): Promise<Admission>;
  get(id: string): Promise<TurnRecord | undefined>;
  list(query: ListTurnsQuery): Promise<Page<TurnRecord>>;
  /** `starting` → `running` with the pinned digests; repeated: nothing changes. Also sets the thread note to `working`. */
  begin(id: string, digests: { definition: string; catalogue: string }, at: string): Promise<TurnRecord>;
  /**
   * Ends a turn in one transaction, by compare-and-set from a state that is no end: appends the last events,
   * expires its open approvals, sets the thread note to ok or error, and moves the session's next turn to `starting`.
   * `ended` is false when it had ended before. `next` is the session's turn that is `starting` now, in either case.
   */
  end(end: TurnEnd): Promise<{ ended: boolean; turn: TurnRecord; next?: TurnRecord }>;
  /** Cancels a queued turn with its one event; undefined when it is no longer queued. */
  cancelQueued(id: string, event: TurnEvent, at: string): Promise<TurnRecord | undefined>;
  /** Turns that have been `starting` since before the given instant. */
  overdue(before: string): Promise<TurnRecord[]>;
  /** How many turns are in each state, and how many approvals are pending. For metrics. */
  counts(): Promise<{ turns: Partial<Record<TurnState | 'waiting', number>>; pendingApprovals: number }>;
}

export interface SessionStore {
  get(id: string): Promise<Session | undefined>;
  list(query: PageQuery): Promise<Page<Session>>;
  /** All turns of a session in order. */
  turns(id: string): Promise<TurnRecord[]>;
}

export interface EventStore {
  /**
   * Appends a turn's events and projects them (approvals, the turn's `pending`) in one transaction.
   * An event that is already there is passed over, so overlapping ranges are safe; a gap is an error.
   * Returns how many were new.
   */
  append(turnId: string, events: TurnEvent[]): Promise<number>;
  /** Events with `seq` greater than `after` (default 0), in order. */
  list(turnId: string, after?: number): Promise<TurnEvent[]>;
}

export interface ApprovalStore {
  get(callId: string): Promise<Approval | undefined>;
  /** Oldest request first. */
  list(query: ListApprovalsQuery): Promise<Page<Approval>>;
  ofTurn(turnId: string): Promise<Approval[]>;
}

export interface GrantStore {
  /** Grants of a session that are neither revoked, expired at the instant, used up, nor bound to another turn. */
  inForce(sessionId: string, turnId: string, at: string): Promise<Grant[]>;
  list(sessionId: string, query: PageQuery): Promise<Page<Grant>>;
  get(id: string): Promise<Grant | undefined>;
  /** Writes a grant once; repeated with the same id: nothing changes. */
  put(grant: Grant): Promise<void>;
  /** Revokes; undefined when there is no such grant in the session. Repeated: the first instant stays. */
  revoke(sessionId: string, id: string, at: string): Promise<Grant | undefined>;
  /** Counts one use per (grant, call). False when it is used up, revoked or expired. Repeated for a call: the same answer. */
  use(id: string, callId: string, at: string): Promise<boolean>;
}

/** What a model call of one step answered. */
export interface StepResult {
  text: string;
  calls: { callId: string; tool: string; input: JsonObject; inputDigest: string; invalid?: string }[];
  usage: Usage;
}

/** One turn's share of a session's transcript. */
export interface TranscriptTurn {
  turn: TurnRecord;
  steps: { step: number; result: StepResult }[];
  events: TurnEvent[];
}

export interface TranscriptStore {
  /** Records a step's result once; the first one wins and is returned. */
  recordStep(turnId: string, step: number, result: StepResult): Promise<StepResult>;
  step(turnId: string, step: number): Promise<StepResult | undefined>;
  /** The session's turns up to and including the given one, in order, with their steps and events. */
  load(turnId: string): Promise<TranscriptTurn[]>;
}

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

export interface Ledger {
  /**
   * Writes the intent to execute. Where a row is there: returned as it is, unless `again` (an idempotent tool)
   * and still `started`, which counts one more execution. `begun` says whether the caller may execute.
   */
  begin(intent: { callId: string; turnId: string; tool: string; at: string; again: boolean }): Promise<{
    begun: boolean;
    row: LedgerRow;
  }>;
  /** Writes the result of a `started` row; any other state stays as it is. Returns the row in force. */
  settle(callId: string, result: { content: string } | { error: Failure }, at: string): Promise<LedgerRow>;
  /** `started` → `unknown`, by compare-and-set. Returns the row in force; undefined when nothing was begun. */
  giveUp(callId: string, at: string): Promise<LedgerRow | undefined>;
  get(callId: string): Promise<LedgerRow | undefined>;
  /** Keeps a result that no tool of ours produced (a client's, a person's), in full. First one wins. */
  keep(row: { callId: string; turnId: string; tool: string; content: string; at: string }): Promise<void>;
}

/** A delta with its number within the step; numbers go on over attempts. */
export type NumberedDelta = { n: number; delta: Delta };

export interface DeltaStore {
  append(turnId: string, step: number, deltas: NumberedDelta[]): Promise<void>;
  /** Deltas of the step with `n` greater than `after`, in order. */
  list(turnId: string, step: number, after: number): Promise<NumberedDelta[]>;
  /** The highest number of the step; 0 when there is none. */
  last(turnId: string, step: number): Promise<number>;
  /** Deletes the deltas of turns that ended before the instant. */
  purge(endedBefore: string): Promise<void>;
}

export interface NoteStore {
  get(id: string): Promise<Note | undefined>;
  /** Newest change first; with `q`, best match first. */
  list(query: ListNotesQuery): Promise<Page<Note>>;
  /** Writes the note at a path: makes it, or replaces content, tags and metadata and counts the revision. */
  put(note: {
    path: string;
    kind: Note['kind'];
    content: string;
    tags: string[];
    metadata: JsonObject;
    at: string;
  }): Promise<Note>;
}

export interface AgentStore {
  get(name: string): Promise<Agent | undefined>;
  list(query: PageQuery): Promise<Page<Agent>>;
  put(definition: AgentDefinition, at: string): Promise<Agent>;
  delete(name: string): Promise<boolean>;
  /**
   * Takes over a definition file when it is new or has changed since it was last taken over (by `fileDigest`),
   * so that an API change or deletion holds until the file changes. True when it was taken over.
   */
  importFile(definition: AgentDefinition, fileDigest: string, at: string): Promise<boolean>;
}

/** Content-addressed values that turns pin: definitions and catalogues. */
export interface SnapshotStore {
  put(digest: string, value: unknown): Promise<void>;
  get(digest: string): Promise<unknown>;
}

export interface TokenStore {
  create(token: {
    id: string;
    name: string;
    scopes: Scope[];
    secretHash: string;
    createdAt: string;
    expiresAt?: string;
  }): Promise<Token>;
  /** By the SHA-256 of the secret; a deleted token is not found, an expired one is. */
  findByHash(secretHash: string): Promise<Token | undefined>;
  list(query: PageQuery): Promise<Page<Token>>;
  delete(id: string): Promise<boolean>;
  touch(id: string, at: string): Promise<void>;
}

/** What a worker says of itself. */
export interface WorkerAbout {
  /** Digest of its workflow code. */
  buildId: string;
  startedAt: string;
  /** What it can do that others may not: `tool:<name>`, `model:<provider>`. */
  capabilities: readonly string[];
  /** It takes nothing new, and ends when what it runs has ended. */
  draining: boolean;
}

/** A worker that said so lately. One of an older version says nothing of itself. */
export interface WorkerRecord extends Partial<WorkerAbout> {
  id: string;
  seenAt: string;
}

/** Which workers are there, as far as they say so themselves. */
export interface WorkerStore {
  /** A worker says that it is there. */
  beat(id: string, at: string, about?: WorkerAbout): Promise<void>;
  /** A worker says that it ends. */
  leave(id: string): Promise<void>;
  /** How many workers that take work have said so since the instant. */
  seenSince(at: string): Promise<number>;
  /** Those that have said so since the instant, also the draining, oldest first. */
  list(since: string): Promise<WorkerRecord[]>;
}

/** Everything that Longturn keeps outside Temporal. */
export interface Store extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  readonly turns: TurnStore;
  readonly sessions: SessionStore;
  readonly events: EventStore;
  readonly approvals: ApprovalStore;
  readonly grants: GrantStore;
  readonly transcript: TranscriptStore;
  readonly ledger: Ledger;
  readonly deltas: DeltaStore;
  readonly notes: NoteStore;
  readonly agents: AgentStore;
  readonly snapshots: SnapshotStore;
  readonly tokens: TokenStore;
  readonly workers: WorkerStore;
  /** Managed auth: profiles, connections, flows, credentials, secrets, webhooks. */
  readonly auth: AuthStore;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** Deletes what is past its time: idempotency keys after 7 days, deltas of ended turns after a minute, workers after a day. */
  sweep(now: string): Promise<void>;
}

/** A cursor that this store did not give out. */
export class CursorError extends Error {
  override name = 'CursorError';
}
