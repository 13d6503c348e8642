import type { Approval, DecisionBody, ResultBody, TurnEvent } from '../../../contract/index.ts';
import { canonicalJson } from '../../../digest.ts';
import type { Store, TurnRecord } from '../../../store/store.ts';
import { storedDigest } from '../../../temporal/turn/cut-content.ts';
import { ApiProblem } from '../../problems.ts';
import { type CallFacts, callFacts } from '../call-record.ts';
import { noSuchCall } from './find.ts';
import { fullResult } from './full-result.ts';

/** The answer of the record to a decision, of an ended turn or a call that its turn has left behind: the record where it is the same decision again, else 404 or 409. */
export async function decisionOnRecord(
  store: Store,
  turn: TurnRecord,
  callId: string,
  decision: DecisionBody,
): Promise<Approval> {
  const approval = await store.approvals.get(callId);
  if (approval === undefined || approval.turnId !== turn.id) throw await refuseUndecided(store, turn, callId);
  assertTool(approval.tool, decision.toolName, callId);
  if (isSame(approval, decision) && (await hasContent(store, turn, callId, decision.content)))
    return approval;
  if (approval.status === 'pending') throw turnEnded(turn);
  throw new ApiProblem('already_decided', `Call ${callId} is already ${approval.status}.`, { approval });
}

/** 409 when the caller names another tool than the call's. */
export function assertTool(tool: string, named: string | undefined, callId: string): void {
  if (named === undefined || named === tool) return;
  throw new ApiProblem('tool_mismatch', `Call ${callId} is a call of "${tool}", not of "${named}".`);
}

function isSame(approval: Approval, decision: DecisionBody): boolean {
  return (
    approval.action === decision.action &&
    approval.message === decision.message &&
    canonicalJson(approval.editedInput ?? approval.input) === canonicalJson(decision.input ?? approval.input)
  );
}

/** Whether the call's result is the one that the decision brings, where it brings one. */
async function hasContent(
  store: Store,
  turn: TurnRecord,
  callId: string,
  content: string | undefined,
): Promise<boolean> {
  if (content === undefined) return true;
  const facts = callFacts(await store.events.ofCall(turn.id, callId), callId);
  return facts !== undefined && (await isResult(store, facts, { content }));
}

async function refuseUndecided(store: Store, turn: TurnRecord, callId: string): Promise<ApiProblem> {
  const facts = callFacts(await store.events.ofCall(turn.id, callId), callId);
  if (facts === undefined) return noSuchCall(callId, `Turn ${turn.id}`);
  return new ApiProblem('already_resolved', `Call ${callId} needed no decision; it is ${facts.status}.`);
}

/** The answer of the record to a client tool's result: its receipt where it is the same again, else 404 or 409. */
export async function resultOnRecord(
  store: Store,
  turn: TurnRecord,
  callId: string,
  result: ResultBody,
): Promise<{ callId: string }> {
  const events = await store.events.ofCall(turn.id, callId);
  const facts = callFacts(events, callId);
  if (facts === undefined) throw noSuchCall(callId, `Turn ${turn.id}`);
  if (!wasAwaited(events, callId)) {
    throw new ApiProblem('not_awaiting_result', `Call ${callId} takes no result; it is ${facts.status}.`);
  }
  if (facts.status === 'awaiting_result') throw turnEnded(turn);
  if (await isResult(store, facts, result)) return { callId };
  throw new ApiProblem('already_resolved', `Call ${callId} already has another result.`);
}

/** Whether a call has this result. Its digest tells that too where the result is not kept any more, or its store was restored. */
async function isResult(store: Store, facts: CallFacts, result: ResultBody): Promise<boolean> {
  const { resultDigest } = facts;
  if (resultDigest !== undefined) return resultDigest === storedDigest(result);
  const { output, error } = { ...facts, ...(await fullResult(store, facts)) };
  const known = error === undefined ? output : error.message;
  return known === result.content && (facts.error !== undefined) === (result.isError ?? false);
}

function wasAwaited(events: readonly TurnEvent[], callId: string): boolean {
  return events.some((event) => event.type === 'tool_call.awaiting_result' && event.callId === callId);
}

/** What a turn that has ended says to a message. */
export function turnEnded(turn: TurnRecord): ApiProblem {
  return new ApiProblem('turn_ended', `Turn ${turn.id} has ended: ${turn.state}.`);
}
