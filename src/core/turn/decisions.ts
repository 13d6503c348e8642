import type { Grant } from '../../contract/index.ts';
import { digestOf } from '../../digest.ts';
import type { Refusal } from '../messages/refusal.ts';
import { globFault } from '../policy/glob.ts';
import { covers } from '../policy/policy.ts';
import { answerable } from './answered-approval.ts';
import { completeCall, failCall, releaseCall } from './call-facts.ts';
import type { CallState } from './call-state.ts';
import { grantLimitFault } from './grant-limits.ts';
import { judgeCall, judged, judgingSteps } from './judging.ts';
import { decisionDigest } from './message-digests.ts';
import { decisionFault } from './message-shapes.ts';
import type { AnsweredApproval, ToolDecision } from './messages.ts';
import { lengthFault, type TurnRefusal } from './refusal.ts';
import { standingOfDecision, toolFault } from './settled.ts';
import { MAX_REASON, sizeFault } from './sizes.ts';
import { append, callOf, isBounded, type Turn } from './turn.ts';
import { approvalOf } from './turn-snapshot.ts';

/** Judges a decision without taking it: undefined when it may be taken, or was taken already. */
export function refuseDecision(turn: Turn, decision: ToolDecision, at: string): TurnRefusal | undefined {
  if (turn.ending) return { code: 'turn_ended', message: 'The turn has ended.' };
  const fault = decisionFault(decision) ?? lengthFault(turn, decision);
  if (fault !== undefined) return { code: 'validation_failed', message: fault };
  const call = callOf(turn, decision.callId);
  if (!call) return { code: 'call_not_found', message: `This turn has no call ${decision.callId}.` };
  const approval = approvalOf(turn, call);
  if (!approval) return toolFault(call, decision.toolName) ?? undecidable(call);
  const digest = turn.memory.decisions[call.callId];
  const known = digest === undefined ? undefined : { digest };
  const standing = standingOfDecision({ callId: call.callId, tool: call.tool, approval, known }, decision);
  if (standing === 'same') return undefined;
  if (standing !== 'open') {
    return { ...standing, ...(standing.approval && { approval: answerable(standing.approval) }) };
  }
  return (
    refuseAction(turn, call, decision) ??
    refuseInput(turn, call, decision, at) ??
    refuseGrant(turn, call, decision, at)
  );
}

function undecidable({ callId, status }: CallState): Refusal {
  return { code: 'already_resolved', message: `Call ${callId} needs no decision; it is ${status}.` };
}

function refuseAction(turn: Turn, call: CallState, decision: ToolDecision): TurnRefusal | undefined {
  const allowed = call.asked?.allowedActions ?? [];
  if (!['allow', 'deny', 'always', 'respond'].includes(decision.action)) {
    return { code: 'validation_failed', message: `Unknown action "${String(decision.action)}".` };
  }
  if (allowed.includes(decision.action)) return undefined;
  const approval = approvalOf(turn, call);
  return {
    code: decision.action === 'always' ? 'always_refused' : 'action_not_allowed',
    message: `Call ${call.callId} takes only: ${allowed.join(', ')}.`,
    ...(approval && { approval: answerable(approval) }),
  };
}

/** A signal that is sent by hand may hold any glob. */
function globsFault({ grant }: ToolDecision): string | undefined {
  if (grant?.matcher?.kind !== 'glob') return undefined;
  for (const [name, glob] of Object.entries(grant.matcher.args)) {
    const fault = globFault(glob);
    if (fault !== undefined) return `The grant's glob for "${name}" ${fault}.`;
  }
  return undefined;
}

/** Refuses a grant beyond the session's limit before anything is decided, so that no decision is half done. */
function refuseGrant(
  turn: Turn,
  call: CallState,
  decision: ToolDecision,
  at: string,
): TurnRefusal | undefined {
  if (decision.action !== 'always' || !isBounded(turn)) return undefined;
  const globs = turn.prepared.boundedMatching ? globsFault(decision) : undefined;
  if (globs !== undefined) return { code: 'validation_failed', message: globs };
  const fault = grantLimitFault(turn.memory.grants, grantOf(turn, call, decision, call.inputDigest, at), at);
  return fault === undefined ? undefined : { code: 'grant_limit_reached', message: fault };
}

function refuseInput(
  turn: Turn,
  call: CallState,
  decision: ToolDecision,
  at: string,
): TurnRefusal | undefined {
  if (decision.input === undefined) return undefined;
  const fault = sizeFault(decision.input);
  if (fault !== undefined) return { code: 'input_invalid', message: fault };
  const edited = { tool: call.tool, input: decision.input, inputDigest: digestOf(decision.input) };
  const judgement = judgeCall(turn, edited, at);
  if (judgement.gate === 'deny') {
    const reason = judgement.reason ? `: ${judgement.reason}` : '.';
    return {
      code: 'denied_by_policy',
      message: `The policy (${judgement.rule}) denies the edited input${reason}`,
    };
  }
  if (decision.action === 'always' && judgement.gate === 'ask' && !judgement.grantable) {
    return {
      code: 'always_refused',
      message: `The policy (${judgement.rule}) asks every time for the edited input.`,
    };
  }
  return undefined;
}

/** Takes a decision that {@link refuseDecision} let pass, or answers one that was taken already. */
export function takeDecision(turn: Turn, decision: ToolDecision, at: string): AnsweredApproval {
  const call = callOf(turn, decision.callId);
  if (!call) throw new Error(`no call ${decision.callId}`);
  if (call.status === 'pending') resolve(turn, call, decision, at);
  const record = approvalOf(turn, callOf(turn, decision.callId) ?? call);
  if (!record) throw new Error(`call ${decision.callId} has no approval`);
  return answerable(record);
}

function resolve(turn: Turn, call: CallState, decision: ToolDecision, at: string): void {
  turn.memory.decisions[call.callId] = decisionDigest(decision);
  const { action, by, messageId, input } = decision;
  const message = decision.message?.slice(0, MAX_REASON);
  const inputDigest = input === undefined ? call.inputDigest : digestOf(input);
  const grant = action === 'always' ? grantOf(turn, call, decision, inputDigest, at) : undefined;
  append(turn, {
    type: 'approval.resolved',
    callId: call.callId,
    action,
    by,
    via: decision.via ?? 'signal',
    decisionId: messageId,
    ...(grant && { grantId: grant.id }),
    ...(message !== undefined && { message }),
    ...(input !== undefined && { input }),
    inputDigest,
  });
  settle(turn, call, decision, message);
  if (grant) {
    turn.memory.grants.push(grant);
    releaseCovered(turn, grant, at);
  }
}

function settle(turn: Turn, call: CallState, decision: ToolDecision, message: string | undefined): void {
  const { content, cut } = decision;
  if (decision.action === 'deny') {
    const reason = message ? `Denied: ${message}` : 'A person denied this call.';
    failCall(turn, call.callId, { code: 'denied', message: reason });
  } else if (content !== undefined) {
    completeCall(turn, call.callId, { content, cut });
  } else {
    releaseCall(turn, call);
  }
}

function grantOf(
  turn: Turn,
  call: CallState,
  decision: ToolDecision,
  inputDigest: string,
  at: string,
): Grant {
  const wish = decision.grant;
  const matcher = wish?.matcher;
  return {
    id: `grant_${call.callId.replace(/^call_/, '')}`,
    sessionId: turn.sessionId,
    turnId: turn.turnId,
    callId: call.callId,
    tool: call.tool,
    locus: call.locus,
    scope: wish?.scope ?? 'session',
    ...(matcher && { matcher: matcher.kind === 'exact' ? { kind: 'exact', inputDigest } : matcher }),
    grantedBy: decision.by,
    grantedAt: at,
    ...(wish?.expiresAt && { expiresAt: wish.expiresAt }),
    ...(wish?.maxUses !== undefined && { maxUses: wish.maxUses }),
    uses: 0,
  };
}

/** `always` holds for what is waiting as well. A grant with `maxUses` is counted first, by the call itself. */
function releaseCovered(turn: Turn, grant: Grant, at: string): void {
  if (grant.maxUses !== undefined) return;
  for (const call of turn.log.openCalls()) {
    if (call.status === 'pending' && isReleasedBy(turn, call, grant, at)) releaseByGrant(turn, call, grant);
  }
}

function isReleasedBy(turn: Turn, call: CallState, grant: Grant, at: string): boolean {
  if (!covers(grant, judged(turn, call), at, judgingSteps(turn))) return false;
  const judgement = judgeCall(turn, call, at);
  return judgement.gate === 'allow' && 'grant' in judgement;
}

/** Resolves a call by a grant, and lets it go on. */
export function releaseByGrant(turn: Turn, call: CallState, grant: Grant): void {
  append(turn, {
    type: 'approval.resolved',
    callId: call.callId,
    action: 'granted',
    by: grant.grantedBy,
    via: 'grant',
    grantId: grant.id,
    inputDigest: call.inputDigest,
  });
  releaseCall(turn, call);
}
