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
import type { DeletionStore } from './deletion-store.ts';

/** Where a turn stands in its session. `starting`: the session is its own, its workflow is being started. */
export type TurnState = 'queued' | 'starting' | 'running' | EndStatus;

/** What a step that waits for its model has come to; the model call's next attempt goes on from it. */
export interface ModelWait {
  step: number;
  /** The model that is asked next. */
  model: string;
  /** How often a model has failed in this step. Workers that were lost do not count. */
  failures: number;
  /** Time that went by in waiting and in attempts since the first failure, in milliseconds. */
  spentMs: number;
  /** Code of the last failure. */
  reason: string;
  message: string;
  nextAttemptAt: string;
}

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
  /** How often its events were superseded by those of a reset workflow run; absent: never. */
  resets?: number;
  /** Set while a step waits for a model that failed. */
  modelWait?: ModelWait;
  createdAt: string;
  /** When the session became this turn's own. */
  startingAt?: string;
  startedAt?: string;
  endedAt?: string;
  /** Since when it is deleted for its readers: what is left of the row goes within seconds. */
  deletedAt?: string;
  /** The ended turn that this one goes on with. */
  retryOf?: string;
  /** The ended turn whose input this one has. */
  rerunOf?: string;
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
  /** A turn of the same session; each is retried once at most. */
  retryOf?: string;
  rerunOf?: string;
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
  | { outcome: 'agent_mismatch'; agent: string }
  /** The key's turn was deleted: it is never run a second time. */
  | { outcome: 'turn_deleted'; turnId: string }
  | { outcome: 'session_deleted' }
  /** `by`: the turn that retries it already. */
  | { outcome: 'already_retried'; by: string };

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
  /** Notes that a step waits for its model, or, without `wait`, that it does no longer. Nothing where the turn has ended. */
  waitForModel(id: string, wait: ModelWait | undefined): Promise<void>;
  /** Cancels a queued turn with its one event; undefined when it is no longer queued. */
  cancelQueued(id: string, event: TurnEvent, at: string): Promise<TurnRecord | undefined>;
  /** Turns that have been `starting` since before the given instant and whose start nobody has accepted; oldest first. */
  overdue(before: string, limit: number): Promise<TurnRecord[]>;
  /** Notes that the engine has accepted the start of a `starting` turn, or that it does not know the turn after all. */
  noteStart(id: string, accepted: boolean): Promise<void>;
  /**
   * Turns whose session is theirs since before the instant, for a check against the engine: half of them never checked so
   * far, the rest longest unchecked. Marks them as checked in the round. `roundsBehind`: how long ago the last of them was.
   */
  takeForCheck(
    round: number,
    before: string,
    limit: number,
  ): Promise<{ turns: TurnRecord[]; roundsBehind: number }>;
  /** Those of the given turns that have ended. */
  ended(ids: string[]): Promise<string[]>;
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
   * An event that is already there is passed over, so overlapping ranges are safe. Throws EventsBehind on a gap, EventsDiverge
   * where another event has the number.
   * Returns how many were new.
   */
  append(turnId: string, events: TurnEvent[]): Promise<number>;
  /** Events with `seq` greater than `after` (default 0), in order. */
  list(turnId: string, after?: number): Promise<TurnEvent[]>;
  /** Events of one call, in order. */
  ofCall(turnId: string, callId: string): Promise<TurnEvent[]>;
  /**
   * Takes the events from a number on out of an open turn's story, for its workflow was set back before them. They are kept
   * apart; approvals and `pending` are as before them. Returns how many it were.
   */
  supersede(turnId: string, from: number, at: string): Promise<number>;
  /** Superseded events, by reset and number. */
  superseded(turnId: string): Promise<TurnEvent[]>;
}

/** Rounds that one process of many does at a time: whoever counts a round does it. */
export interface LeaseStore {
  /** How many rounds were begun. */
  number(name: string): Promise<number>;
  /** Begins the round after the given one; false when another process was quicker. */
  take(name: string, number: number): Promise<boolean>;
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
  /** The model that answered, where it was not the agent's own. */
  model?: string;
  text: string;
  calls: {
    callId: string;
    tool: string;
    input: JsonObject;
    inputDigest: string;
    invalid?: string;
    code?: 'too_many_calls';
  }[];
  usage: Usage;
  /** The step of a retried turn that this one takes the place of: its calls are finished here. */
  resumes?: { turnId: string; step: number };
}

/** One turn's share of a session's transcript. */
export interface TranscriptTurn {
  turn: TurnRecord;
  steps: { step: number; result: StepResult }[];
  events: TurnEvent[];
  /** In the order in which they were made. */
  compactions: { step: number; round: number; compaction: Compaction }[];
}

/** Up to which step something of a turn is covered, by turn id. */
export type Covers = Record<string, number>;

/** What models are no longer shown of a conversation from some step on. The transcript itself stays whole. */
export interface Compaction {
  covers: Covers;
  /** The summary that stands for it. Without one, only tool results are cleared. */
  text?: string;
  /** What it saved, as its event tells it. */
  saved: Pick<
    CompactedEvent,
    'strategy' | 'fromTurn' | 'fromStep' | 'toTurn' | 'toStep' | 'tokensBefore' | 'tokensAfter'
  >;
  /** What the summary cost. */
  usage: Usage;
}

type CompactedEvent = Extract<TurnEvent, { type: 'context.compacted' }>;

export interface TranscriptStore {
  /** Records a step's result once; the first one wins and is returned. */
  recordStep(turnId: string, step: number, result: StepResult): Promise<StepResult>;
  step(turnId: string, step: number): Promise<StepResult | undefined>;
  /** Records a compaction before a step once; the first one wins and is returned. */
  recordCompaction(turnId: string, step: number, round: number, compaction: Compaction): Promise<Compaction>;
  /** The session's turns up to and including the given one, in order, with their steps, events and compactions. */
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
  /** The same for an execution of a tool; undefined, and nothing is written, when it is no longer the one in force. */
  putAs(execution: ToolExecution, note: Parameters<NoteStore['put']>[0]): Promise<Note | undefined>;
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
  leave(id: string, at: string): Promise<void>;
  /** How many workers that take work have said so since the instant and have not left. */
  seenSince(at: string): Promise<number>;
  /** When a worker last said that it polls, or left; undefined: never here. */
  lastSeen(id: string): Promise<string | undefined>;
  /** Those that have said so since the instant and have not left, also the draining, oldest first. */
  list(since: string): Promise<WorkerRecord[]>;
}

/** What tells this store's turns from those of others in the same namespace of the engine. */
export interface Installation {
  id: string;
  /** Whether task queues and workflow ids have it; not where version 0.2 or earlier has used the store. */
  inNames: boolean;
  madeAt: string;
}

export interface InstallationStore {
  get(): Promise<Installation>;
  /** Makes the store another installation, whose names have the id. For a copy, before anything runs on it. */
  renew(id: string, at: string): Promise<Installation>;
}

/** What operators watch, at one instant. Instants are absent where nothing is in that state. */
export interface StoreFigures {
  oldestStartingAt?: string;
  oldestQueuedAt?: string;
  oldestApprovalAt?: string;
  /** Executions of tools that were given up without knowing whether they happened. */
  unknownOutcomes: number;
  /** Deleted turns of which something is left, in the store or the engine. */
  unfinishedDeletions: number;
  oldestDeletionAt?: string;
  /** Running turns whose step waits for its model, by the model that is asked next. */
  modelWaits: { model: string; turns: number }[];
}

/** What the processes share about a model's limits; whoever writes last read the state before it. */
export interface ModelCapacityStore {
  /** Undefined: nothing was written yet. */
  read(scope: string): Promise<{ state: unknown; revision: number } | undefined>;
  /** Writes by compare-and-set: `revision` is the one that was read, 0 for none. False: somebody else was faster. */
  write(scope: string, state: unknown, revision: number): Promise<boolean>;
  /** Every scope that was ever written, in order. */
  scopes(): Promise<string[]>;
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
  readonly leases: LeaseStore;
  readonly deletion: DeletionStore;
  readonly modelCapacity: ModelCapacityStore;
  readonly installation: InstallationStore;
  /** Managed auth: profiles, connections, flows, credentials, secrets, webhooks. */
  readonly auth: AuthStore;
  /** For metrics; each figure is read from an index. */
  figures(): Promise<StoreFigures>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /**
   * Deletes what is past its time: idempotency keys after 7 days, deltas of ended turns after a minute or what is kept of
   * them, workers after a day.
   */
  sweep(now: string, deltasKeptMs?: number): Promise<void>;
}

/** A cursor that this store did not give out. */
export class CursorError extends Error {
  override name = 'CursorError';
}
