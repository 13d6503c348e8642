import type { Approval, DecisionBody, ResultBody } from '../../../contract/index.ts';
import { type CallHistory, callHistory } from '../../../core/turn/call-history.ts';
import { resultDigest } from '../../../core/turn/message-digests.ts';
import type { TurnRefusal } from '../../../core/turn/refusal.ts';
import { standingOfDecision, standingOfResult } from '../../../core/turn/settled.ts';
import type { Store, TurnRecord } from '../../../store/store.ts';
import { ApiProblem } from '../../problems.ts';
import { factsOf } from '../call-record.ts';
import { noSuchCall } from './find.ts';
import { fullResult } from './full-result.ts';

/**
 * The answer of the record to a decision, of an ended turn or a call that its turn has left behind: the record where it is the
 * same decision again, else 404 or 409.
 */
export async function decisionOnRecord(
  store: Store,
  turn: TurnRecord,
  callId: string,
  decision: DecisionBody,
): Promise<Approval> {
  const approval = await store.approvals.get(callId);
  if (approval?.turnId !== turn.id) throw await refuseUnasked(store, turn, callId);
  const call = decision.content === undefined ? undefined : await historyOf(store, turn, callId);
  const given = call && (await digestOfResult(store, call));
  const known = { approval, ...(given !== undefined && { given }) };
  const standing = standingOfDecision({ callId, tool: approval.tool, approval, known }, decision);
  if (standing === 'same') return approval;
  throw standing === 'open' ? turnEnded(turn) : problemOf(standing);
}

/** How a refusal is answered. */
export function problemOf({ code, message, approval }: TurnRefusal): ApiProblem {
  return new ApiProblem(code, message, approval && { approval });
}

async function refuseUnasked(store: Store, turn: TurnRecord, callId: string): Promise<ApiProblem> {
  const call = await historyOf(store, turn, callId);
  if (call === undefined) return noSuchCall(callId, `Turn ${turn.id}`);
  return new ApiProblem('already_resolved', `Call ${callId} needed no decision; it is ${call.status}.`);
}

/** The answer of the record to a client tool's result: its receipt where it is the same again, else 404 or 409. */
export async function resultOnRecord(
  store: Store,
  turn: TurnRecord,
  callId: string,
  result: ResultBody,
): Promise<{ callId: string }> {
  const call = await historyOf(store, turn, callId);
  if (call === undefined) throw noSuchCall(callId, `Turn ${turn.id}`);
  const { status, awaited } = call;
  const given = awaited && (await digestOfResult(store, call));
  const standing = standingOfResult({ callId, status, given }, resultDigest(result));
  if (standing === 'same') return { callId };
  throw standing === 'open' ? turnEnded(turn) : problemOf(standing);
}

async function historyOf(store: Store, turn: TurnRecord, callId: string): Promise<CallHistory | undefined> {
  return callHistory(await store.events.ofCall(turn.id, callId), callId);
}

/** The digest of the result that a call has, also where the result is not kept any more; `''` where it has none. */
async function digestOfResult(store: Store, call: CallHistory): Promise<string> {
  const facts = factsOf(call);
  if (facts.resultDigest !== undefined) return facts.resultDigest;
  const { output, error } = { ...facts, ...(await fullResult(store, facts)) };
  const content = error === undefined ? output : error.message;
  return content === undefined ? '' : resultDigest({ content, isError: error !== undefined });
}

/** What a turn that has ended says to a message. */
export function turnEnded(turn: TurnRecord): ApiProblem {
  return new ApiProblem('turn_ended', `Turn ${turn.id} has ended: ${turn.state}.`);
}
