import type { Kysely } from 'kysely';
import type { Grant, JsonObject, TurnEvent, TurnFact } from '../../../src/contract/index.ts';
import type { Database } from '../../../src/store/schema.ts';
import type { ModelWait, NewTurn, Store, TurnEnd, TurnRecord } from '../../../src/store/store.ts';

/** A fresh, empty database: a store on it, and more stores on the same one. */
export interface Opened {
  store: Store;
  again(): Promise<Store>;
  /** The database below the store; whoever asks for it ends it. */
  database(): Kysely<Database>;
}
export type OpenStore = () => Promise<Opened>;

export const DIGEST = `sha256:${'0'.repeat(64)}`;
export const OTHER_DIGEST = `sha256:${'1'.repeat(64)}`;
export const DIGESTS = { definition: DIGEST, catalogue: OTHER_DIGEST };

/** An instant so many seconds after the beginning of the tests' time. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
}

export function newTurn(id: string, changes: Partial<NewTurn> = {}): NewTurn {
  return {
    id,
    sessionId: `session-of-${id}`,
    agent: 'scribe',
    input: `Input of ${id}`,
    clientTools: [],
    limits: {},
    metadata: {},
    createdAt: at(0),
    ...changes,
  };
}

export async function admitted(
  store: Store,
  id: string,
  changes: Partial<NewTurn> = {},
): Promise<TurnRecord> {
  const admission = await store.turns.admit(newTurn(id, changes));
  if (admission.outcome !== 'created') throw new Error(`not created: ${admission.outcome}`);
  return admission.turn;
}

/** A turn that has begun. */
export async function running(store: Store, id: string, changes: Partial<NewTurn> = {}): Promise<TurnRecord> {
  await admitted(store, id, changes);
  return store.turns.begin(id, DIGESTS, at(1));
}

export function event(turnId: string, seq: number, fact: TurnFact, seconds = seq): TurnEvent {
  const { type, ...rest } = fact;
  return { seq, type, at: at(seconds), turnId, ...rest } as TurnEvent;
}

/** Numbers facts from `first` on. */
export function events(turnId: string, facts: TurnFact[], first = 1): TurnEvent[] {
  return facts.map((fact, index) => event(turnId, first + index, fact));
}

export const MODEL_WAIT: ModelWait = {
  step: 2,
  model: 'openai/gpt-5',
  failures: 3,
  spentMs: 3_500,
  reason: 'model_unavailable',
  message: 'openai failed (HTTP 503)',
  nextAttemptAt: at(9),
};
export const stepStarted: TurnFact = { type: 'step.started', step: 1 };

export function toolRequested(
  callId: string,
  input: JsonObject = { path: 'a' },
  locus: 'server' | 'client' = 'server',
): TurnFact {
  return {
    type: 'tool_call.requested',
    callId,
    step: 1,
    tool: 'write_file',
    locus,
    gate: 'ask',
    input,
    inputDigest: DIGEST,
  };
}

export function approvalRequested(callId: string, input: JsonObject = { path: 'a' }): TurnFact {
  return {
    type: 'approval.requested',
    callId,
    tool: 'write_file',
    input,
    inputDigest: DIGEST,
    expiresAt: at(3_600),
    allowedActions: ['allow', 'deny'],
  };
}

/** The end of a turn that completed, with its terminal event numbered `seq`. */
export function completed(turnId: string, seq = 1, changes: Partial<TurnEnd> = {}): TurnEnd {
  const usage = { inputTokens: 3, outputTokens: 2 };
  return {
    turnId,
    status: 'completed',
    output: `Output of ${turnId}`,
    usage,
    endedAt: at(10),
    events: [event(turnId, seq, { type: 'turn.completed', output: `Output of ${turnId}`, usage }, 10)],
    ...changes,
  };
}

export function failed(turnId: string, seq = 1): TurnEnd {
  const usage = { inputTokens: 1, outputTokens: 0 };
  const error = { code: 'model_failed', message: 'The model failed for good.' };
  return {
    turnId,
    status: 'failed',
    error,
    usage,
    endedAt: at(10),
    events: [event(turnId, seq, { type: 'turn.failed', error, usage }, 10)],
  };
}

export function grant(id: string, changes: Partial<Grant> = {}): Grant {
  return {
    id,
    sessionId: 's-grants',
    turnId: 't-grants',
    callId: `call-${id}`,
    tool: 'write_file',
    locus: 'server',
    scope: 'session',
    grantedBy: { tokenId: 'tok', name: 'Ada' },
    grantedAt: at(1),
    uses: 0,
    ...changes,
  };
}

/** All items of a list, page by page. */
export async function allPages<T>(
  limit: number,
  list: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; nextCursor?: string }>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await list({ limit, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return { items, pages };
  }
}

/** Small numbers from 0. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
