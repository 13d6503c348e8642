import type { Actor, Approval, DecisionBody, ProblemCode, ResultBody } from '../../../contract/index.ts';
import type { Store, TurnRecord } from '../../../store/store.ts';
import { hasEnded } from '../../../store/turn/turn-states.ts';
import { cutDecision, cutResult } from '../../../temporal/turn/cut-content.ts';
import { type Delivery, type MessageOrigin, MessageRefused } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { readUntil } from '../../read-until.ts';
import type { Accepted } from '../../schemas.ts';
import { callFacts } from '../call-record.ts';
import type { CheckDecision } from './check-decision.ts';
import { findTurn, noSuchCall } from './find.ts';
import { awaitEnd, isEnding } from './live-turn.ts';
import { decisionOnRecord, resultOnRecord } from './settled-call.ts';
import { staged } from './stage-result.ts';
import { wholeApproval } from './whole-approval.ts';

/** What may be wrong with a decision, beside the turn or session that it names. */
export const DECISION_PROBLEMS = [
  'call_not_found',
  'tool_mismatch',
  'already_decided',
  'already_resolved',
  'turn_ended',
  'pin_lost',
  'input_invalid',
  'denied_by_policy',
  'always_refused',
  'action_not_allowed',
  'grant_limit_reached',
  'engine_unavailable',
] satisfies ProblemCode[];

/** What may be wrong with a client's result, beside the turn or session that it names. */
export const RESULT_PROBLEMS = [
  'call_not_found',
  'awaiting_decision',
  'already_resolved',
  'not_awaiting_result',
  'turn_ended',
  'engine_unavailable',
] satisfies ProblemCode[];

/** An outcome, or the promise of one. */
export type Answer<T> = { status: 200; body: T } | { status: 202; body: Accepted };

/** What people and clients say to one tool call. */
export interface CallMessages {
  decide(turnId: string, callId: string, decision: DecisionBody, by: Actor): Promise<Answer<Approval>>;
  submitResult(
    turnId: string,
    callId: string,
    result: ResultBody,
    by: Actor,
  ): Promise<Answer<{ callId: string }>>;
}

/**
 * The workflow answers while the turn is open and knows the call; the store answers once the turn has ended, and for calls
 * that had their result before the turn's present workflow run.
 */
export function createCallMessages(deps: ApiDeps, checkDecision: CheckDecision): CallMessages {
  const { store, gateway, newId, metrics, now } = deps;

  const origin = (by: Actor): MessageOrigin => ({ messageId: newId('msg'), by, via: 'update' });

  async function deliver<T>(
    turn: TurnRecord,
    callId: string,
    from: MessageOrigin,
    live: () => Promise<Delivery<T>>,
    settled: (ended: TurnRecord) => Promise<T>,
  ): Promise<Answer<T>> {
    if (hasEnded(turn.state)) return { status: 200, body: await settled(turn) };
    try {
      const answer = await live();
      if (answer.delivery === 'answered') return { status: 200, body: answer.result };
      return { status: 202, body: { delivery: 'accepted', messageId: from.messageId } };
    } catch (error) {
      if (await isLeftBehind(turn, callId, error)) return { status: 200, body: await settled(turn) };
      if (!isEnding(error)) throw await withWholeApproval(error);
      return { status: 200, body: await settled(await awaitEnd(deps, turn.id)) };
    }
  }

  /** The workflow knows no call of that id, and the store knows its result. */
  async function isLeftBehind({ id }: TurnRecord, callId: string, error: unknown): Promise<boolean> {
    if (!(error instanceof MessageRefused) || error.code !== 'call_not_found') return false;
    const facts = callFacts(await store.events.ofCall(id, callId), callId);
    return facts?.status === 'completed' || facts?.status === 'failed';
  }

  async function withWholeApproval(error: unknown): Promise<unknown> {
    if (!(error instanceof MessageRefused) || error.approval === undefined) return error;
    return new MessageRefused(error.code, error.message, await wholeApproval(store, error.approval));
  }

  const placeOf = (turnId: string, callId: string) => ({ turnId, callId, at: now().toISOString() });

  async function turnWithCalls(turnId: string, callId: string): Promise<TurnRecord> {
    const turn = await findTurn(store, turnId);
    // A call is requested only after the turn has begun.
    if (turn.state === 'queued' || turn.state === 'starting') throw noSuchCall(callId, `Turn ${turnId}`);
    return turn;
  }

  /** Once per decision: the record of a repeat carries the id of the first message. */
  function observe({ decisionId, action, requestedAt, decidedAt }: Approval, { messageId }: MessageOrigin) {
    if (decisionId !== messageId || action === undefined || decidedAt === undefined) return;
    metrics.observeDecision(action, (Date.parse(decidedAt) - Date.parse(requestedAt)) / 1_000);
  }

  return {
    async decide(turnId, callId, decision, by) {
      const turn = await turnWithCalls(turnId, callId);
      const from = origin(by);
      const live = async () => {
        await checkDecision(turn, callId, decision);
        const sent = await staged(store, placeOf(turnId, callId), cutDecision(decision));
        const delivery = await gateway.decide(turnId, callId, sent, from);
        if (delivery.delivery !== 'answered') return delivery;
        return { ...delivery, result: await wholeApproval(store, delivery.result, decision.input) };
      };
      const answer = await deliver(turn, callId, from, live, (ended) =>
        decisionOnRecord(store, ended, callId, decision),
      );
      if (answer.status === 200) {
        observe(answer.body, from);
        await awaitGrant(store, answer.body);
      }
      return answer;
    },

    async submitResult(turnId, callId, result, by) {
      const turn = await turnWithCalls(turnId, callId);
      const from = origin(by);
      const live = async () => {
        const sent = await staged(store, placeOf(turnId, callId), cutResult(result));
        return gateway.submitResult(turnId, callId, sent, from);
      };
      return deliver(turn, callId, from, live, (ended) => resultOnRecord(store, ended, callId, result));
    },
  };
}

const GRANT_WITHIN_MS = 2_000;

/** An `always` is answered once its grant is kept, so that whoever lists or revokes it next finds it. */
async function awaitGrant(store: Store, { action, grantId }: Approval): Promise<void> {
  if (action !== 'always' || grantId === undefined) return;
  await readUntil(
    () => store.grants.get(grantId),
    (grant) => grant !== undefined,
    GRANT_WITHIN_MS,
  );
}
