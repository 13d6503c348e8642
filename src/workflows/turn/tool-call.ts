import { CancellationScope, condition } from '@temporalio/workflow';
import type { DecisionAction, Grant } from '../../contract/index.ts';
import type { Judgement } from '../../core/policy/policy.ts';
import { failCall, releaseCall } from '../../core/turn/call-facts.ts';
import { type CallState, isOpen } from '../../core/turn/call-state.ts';
import { expireApproval } from '../../core/turn/closing.ts';
import { releaseByGrant } from '../../core/turn/decisions.ts';
import { judgeCall } from '../../core/turn/judging.ts';
import { append, callOf, toolOf } from '../../core/turn/turn.ts';
import { keepResult, useGrant, writeGrant } from './activity-proxies.ts';
import { alone } from './carrying.ts';
import { dispatch } from './dispatch.ts';
import type { RunningTurn } from './running-turn.ts';
import type { RequestedCall } from './turn-activities.ts';

/** One call from its request to its result, alone: it waits, resolves and is dispatched without its siblings. */
export async function runToolCall(turn: RunningTurn, callId: string, step: number): Promise<void> {
  await decided(turn, callId);
  await Promise.all([keepGrant(turn, callId), executed(turn, callId, step)]);
  await keepFullResult(turn, callId);
}

/** Writes down what the model asked for and what the policy says of it. */
export function requestCall(turn: RunningTurn, requested: RequestedCall, step: number): void {
  const { callId, tool, input, inputDigest } = requested;
  const at = new Date().toISOString();
  const known = toolOf(turn, tool);
  const judgement = judgeCall(turn, requested, at);
  append(turn, {
    type: 'tool_call.requested',
    callId,
    step,
    tool,
    locus: known?.locus ?? 'server',
    gate: judgement.gate,
    input,
    inputDigest,
  });
  if (requested.code !== undefined) {
    failCall(turn, callId, { code: requested.code, message: requested.invalid ?? '' });
  } else if (!known) {
    failCall(turn, callId, { code: 'unknown_tool', message: `There is no tool "${tool}". ${offered(turn)}` });
  } else if (requested.begun) {
    append(turn, { type: 'approval.resolved', callId, action: 'policy', via: 'retry', inputDigest });
  } else if (requested.invalid !== undefined) {
    failCall(turn, callId, { code: 'invalid_input', message: requested.invalid });
  } else {
    applyJudgement(turn, callId, judgement, at);
  }
}

function offered(turn: RunningTurn): string {
  const names = turn.prepared.tools.map((tool) => tool.name);
  return names.length > 0 ? `The tools are: ${names.join(', ')}.` : 'This agent has no tools.';
}

function applyJudgement(turn: RunningTurn, callId: string, judgement: Judgement, at: string): void {
  const call = callOf(turn, callId);
  if (!call) return;
  if (judgement.gate === 'deny') {
    const reason = judgement.reason ? `: ${judgement.reason}` : '.';
    failCall(turn, callId, {
      code: 'denied_by_policy',
      message: `The policy (${judgement.rule}) denies this call${reason}`,
    });
  } else if (judgement.gate === 'ask') {
    ask(turn, call, judgement, at);
  } else if ('rule' in judgement) {
    const { inputDigest } = call;
    append(turn, {
      type: 'approval.resolved',
      callId,
      action: 'policy',
      via: 'policy',
      rule: judgement.rule,
      inputDigest,
    });
    releaseCall(turn, call);
  } else if (judgement.grant.maxUses === undefined) {
    releaseByGrant(turn, call, judgement.grant);
  }
  // A grant with `maxUses` must be counted before it holds: the call stays requested until then.
}

function ask(
  turn: RunningTurn,
  call: CallState,
  judgement: Extract<Judgement, { gate: 'ask' }>,
  at: string,
): void {
  const allowedActions: DecisionAction[] = judgement.grantable
    ? ['allow', 'deny', 'always', 'respond']
    : ['allow', 'deny', 'respond'];
  append(turn, {
    type: 'approval.requested',
    callId: call.callId,
    tool: call.tool,
    input: call.input,
    inputDigest: call.inputDigest,
    expiresAt: new Date(Date.parse(at) + turn.prepared.approvalExpiresAfterMs).toISOString(),
    allowedActions,
    ...(judgement.reason !== undefined && { reason: judgement.reason }),
  });
}

/** Waits until somebody, a grant or the clock has decided. */
async function decided(turn: RunningTurn, callId: string): Promise<void> {
  for (let call = undecided(turn, callId); call; call = undecided(turn, callId)) {
    const at = new Date().toISOString();
    const judgement = judgeCall(turn, call, at);
    if (countedGrant(judgement)) await tryGrant(turn, call, countedGrant(judgement));
    else if (call.status === 'requested') applyJudgement(turn, callId, judgement, at);
    else await awaitDecision(turn, call);
  }
}

function undecided(turn: RunningTurn, callId: string): CallState | undefined {
  const call = callOf(turn, callId);
  return call?.status === 'requested' || call?.status === 'pending' ? call : undefined;
}

/** The grant with `maxUses` that would cover the call, if any: it must be counted before it holds. */
function countedGrant(judgement: Judgement): Grant | undefined {
  const grant = 'grant' in judgement ? judgement.grant : undefined;
  return grant?.maxUses === undefined ? undefined : grant;
}

async function tryGrant(turn: RunningTurn, { callId }: CallState, grant: Grant | undefined): Promise<void> {
  if (!grant) return;
  const holds = await useGrant({ grant, callId });
  const call = undecided(turn, callId);
  if (holds && call) releaseByGrant(turn, call, grant);
  if (!holds) turn.memory.grants = turn.memory.grants.filter(({ id }) => id !== grant.id);
}

async function awaitDecision(turn: RunningTurn, { callId, asked }: CallState): Promise<void> {
  const moved = () => {
    const call = undecided(turn, callId);
    // Asked whenever anything has happened to the turn: only grants that are counted must be looked for.
    if (call && turn.memory.grants.every(({ maxUses }) => maxUses === undefined)) return false;
    return !call || countedGrant(judgeCall(turn, call, new Date().toISOString())) !== undefined;
  };
  const leftMs = Math.max(Date.parse(asked?.expiresAt ?? '') - Date.now(), 1);
  if (await condition(moved, leftMs)) return;
  const call = callOf(turn, callId);
  if (call?.status !== 'pending') return;
  expireApproval(turn.log, call, 'timer');
  failCall(turn, callId, { code: 'expired', message: 'Nobody decided in time: the approval has expired.' });
}

/** What an `always` granted is kept by the main loop, never by the handler: a handler's task may not commit. */
async function keepGrant(turn: RunningTurn, callId: string): Promise<void> {
  const grantId = callOf(turn, callId)?.resolution?.grantId;
  const given = turn.memory.grants.find((grant) => grant.id === grantId && grant.callId === callId);
  if (given) await writeGrant({ grant: given });
}

async function executed(turn: RunningTurn, callId: string, step: number): Promise<void> {
  if (callOf(turn, callId)?.status === 'ready') await dispatch(turn, callId, step);
  await condition(() => !isOpenNow(turn, callId));
}

function isOpenNow(turn: RunningTurn, callId: string): boolean {
  const call = callOf(turn, callId);
  return call !== undefined && isOpen(call);
}

/** Keeps results that came in full, one after another: together they may be more than one message takes. */
async function keepFullResult(turn: RunningTurn, callId: string): Promise<void> {
  if (turn.memory.fullResults[callId] === undefined) return;
  await alone(turn, async () => {
    const content = turn.memory.fullResults[callId];
    const call = callOf(turn, callId);
    if (content === undefined || call === undefined) return;
    const { tool } = call;
    const isError = call.status === 'failed' && { isError: true };
    await CancellationScope.nonCancellable(() =>
      keepResult({ turnId: turn.turnId, callId, tool, content, ...isError }),
    );
    delete turn.memory.fullResults[callId];
  });
}

/** Keeps what a turn that is cut short has not kept yet. */
export async function keepFullResults(turn: RunningTurn): Promise<void> {
  for (const callId of Object.keys(turn.memory.fullResults)) await keepFullResult(turn, callId);
}
