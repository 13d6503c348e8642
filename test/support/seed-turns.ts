import {
  type CatalogueTool,
  type EndStatus,
  type JsonObject,
  type Locus,
  TurnEvent,
  type TurnFact,
  type TurnSnapshot,
} from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import type { Store, TurnRecord } from '../../src/store/store.ts';

const AT = '2026-11-21T11:00:00.000Z';
const EXPIRES = '2026-11-22T11:00:00.000Z';

/** The tool of seeded calls. */
export const CATALOGUE: CatalogueTool[] = [
  {
    name: 'write_file',
    description: 'Writes a file.',
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string' }, content: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
    locus: 'server',
    idempotent: true,
    gate: 'ask',
    timeoutMs: 1_000,
  },
];

let seeded = 0;

/** Admits a turn of the agent `helper`; it is `starting`, or `queued` behind another one of its session. */
export async function seedTurn(store: Store, sessionId?: string): Promise<TurnRecord> {
  seeded += 1;
  const admission = await store.turns.admit({
    id: `turn-${seeded}`,
    sessionId: sessionId ?? `session-${seeded}`,
    agent: 'helper',
    input: 'hello',
    clientTools: [],
    limits: {},
    metadata: {},
    createdAt: new Date(Date.parse(AT) + seeded).toISOString(),
  });
  if (admission.outcome !== 'created') throw new Error(admission.outcome);
  return admission.turn;
}

/** A turn that has begun, with its catalogue pinned and the given facts appended. With `unkept`, only the digests of its pin are known. */
export async function seedRunning(
  store: Store,
  facts: TurnFact[] = [],
  sessionId?: string,
  unkept?: NonNullable<TurnRecord['digests']>,
): Promise<TurnRecord> {
  const turn = await seedTurn(store, sessionId);
  const digests = unkept ?? { definition: digestOf('definition'), catalogue: digestOf(CATALOGUE) };
  if (!unkept) await store.snapshots.put(digests.catalogue, CATALOGUE);
  await store.turns.begin(turn.id, digests, AT);
  await store.events.append(
    turn.id,
    numbered(turn.id, [{ type: 'turn.started', agent: 'helper', digests }, ...facts]),
  );
  const begun = await store.turns.get(turn.id);
  if (begun === undefined) throw new Error('the turn is lost');
  return begun;
}

/** Ends a turn; `facts` come before the terminal event. */
export async function seedEnd(
  store: Store,
  turnId: string,
  status: EndStatus = 'completed',
  facts: TurnFact[] = [],
): Promise<TurnRecord> {
  const usage = { inputTokens: 3, outputTokens: 5 };
  const failure = { code: 'model_failed', message: 'The model failed.' };
  const terminal: Record<EndStatus, TurnFact> = {
    completed: { type: 'turn.completed', output: 'done', usage },
    failed: { type: 'turn.failed', error: failure, usage },
    cancelled: { type: 'turn.cancelled' },
  };
  const known = await store.events.list(turnId);
  const { turn } = await store.turns.end({
    turnId,
    status,
    usage,
    endedAt: EXPIRES,
    events: numbered(turnId, [...facts, terminal[status]], known.length),
    ...(status === 'completed' && { output: 'done' }),
    ...(status === 'failed' && { error: failure }),
  });
  return turn;
}

/** Facts of a call that was requested. */
export function requested(
  callId: string,
  locus: Locus = 'server',
  input: JsonObject = { path: 'a.txt' },
): TurnFact {
  return {
    type: 'tool_call.requested',
    callId,
    step: 1,
    tool: 'write_file',
    locus,
    gate: 'ask',
    input,
    inputDigest: digestOf(input),
  };
}

/** Facts of a call that waits for a decision. */
export function pending(
  callId: string,
  locus: Locus = 'server',
  input: JsonObject = { path: 'a.txt' },
): TurnFact[] {
  const { inputDigest } = { inputDigest: digestOf(input) };
  const asked: TurnFact = {
    type: 'approval.requested',
    callId,
    tool: 'write_file',
    input,
    inputDigest,
    expiresAt: EXPIRES,
    allowedActions: ['allow', 'deny', 'always', 'respond'],
  };
  return [requested(callId, locus, input), asked];
}

/** A decision on a pending call. */
export function resolved(
  callId: string,
  action: 'allow' | 'deny',
  more: { message?: string; input?: JsonObject } = {},
): TurnFact {
  return {
    type: 'approval.resolved',
    callId,
    action,
    by: { tokenId: 'admin', name: 'admin' },
    via: 'update',
    decisionId: 'msg_earlier',
    inputDigest: digestOf({ path: 'a.txt' }),
    ...more,
  };
}

/** What the workflow of a turn would say of itself. */
export function snapshotOf(turn: TurnRecord, more: Partial<TurnSnapshot> = {}): TurnSnapshot {
  return {
    type: 'snapshot',
    turnId: turn.id,
    sessionId: turn.sessionId,
    ordinal: turn.ordinal,
    agent: turn.agent,
    status: 'running',
    step: 1,
    text: '',
    calls: [],
    pending: [],
    usage: { inputTokens: 1, outputTokens: 2 },
    seq: 4,
    cursor: `${turn.ordinal}.4`,
    ...more,
  };
}

function numbered(turnId: string, facts: TurnFact[], after = 0): TurnEvent[] {
  return facts.map((fact, index) => TurnEvent.parse({ ...fact, seq: after + index + 1, at: AT, turnId }));
}
