import type {
  ClientTool,
  EndStatus,
  Failure,
  LimitsInput,
  ListTurnsQuery,
  Page,
  PendingCall,
  Scope,
  TurnEvent,
  Usage,
} from '../../contract/index.ts';

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
  /** Failures of the model that most likely come again. */
  lasting?: number;
  /** Code of the last failure. */
  reason: string;
  message: string;
  nextAttemptAt: string;
}

/** The token that asked for a turn, with the scopes that it had then. No steering and no decision of another one adds to them. */
export interface ActingToken {
  tokenId: string;
  scopes: Scope[];
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
  /** Absent in turns that were admitted before it was kept. */
  acting?: ActingToken;
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
  acting?: ActingToken;
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
  /** Ids of turns whose session is theirs since before the instant, from behind the given id, in order. */
  begun(before: string, after: string, limit: number): Promise<string[]>;
  /** Those of the given turns that have ended. */
  ended(ids: string[]): Promise<string[]>;
  /**
   * How many turns are in each state, and how many approvals are pending. For metrics. Turns that have ended count for ever:
   * also when they are deleted.
   */
  counts(): Promise<{ turns: Partial<Record<TurnState | 'waiting', number>>; pendingApprovals: number }>;
}
