import type { Approval, CallSnapshot } from '../../contract/index.ts';
import { digestOf } from '../../digest.ts';
import type { Refusal } from '../messages/refusal.ts';
import { type Decided, decisionDigest, resultDigest } from './message-digests.ts';
import type { TurnRefusal } from './refusal.ts';

/**
 * How a message stands to what its call was told before: the call waits for it (`open`), was told the `same`, or refuses it.
 * The workflow asks this of its memory while the turn is open, the API of the record afterwards.
 */
export type Standing<R extends Refusal = Refusal> = 'open' | 'same' | R;

/** What is known of a call's decision: the digest of the message, or its record and the digest of the result it gave. */
export type KnownDecision = { digest: string } | { approval: Approval; given?: string };

/** A call that somebody was asked about, as a decision finds it. */
export interface DecidedCall {
  callId: string;
  tool: string;
  approval: Approval;
  known: KnownDecision | undefined;
}

type Decision = Decided & { toolName?: string | undefined };

export function standingOfDecision(call: DecidedCall, decision: Decision): Standing<TurnRefusal> {
  const { callId, approval, known } = call;
  const fault = toolFault(call, decision.toolName);
  if (fault) return fault;
  if (approval.status === 'pending') return 'open';
  if (known && isSameDecision(known, decision)) return 'same';
  return { code: 'already_decided', message: `Call ${callId} is already ${approval.status}.`, approval };
}

/** A sender that names another tool than the call's means another call. */
export function toolFault(
  { callId, tool }: Pick<DecidedCall, 'callId' | 'tool'>,
  named: string | undefined,
): Refusal | undefined {
  if (named === undefined || named === tool) return undefined;
  return { code: 'tool_mismatch', message: `Call ${callId} is a call of "${tool}", not of "${named}".` };
}

function isSameDecision(known: KnownDecision, decision: Decision): boolean {
  if ('digest' in known) return known.digest === decisionDigest(decision);
  const { approval, given } = known;
  const { action, message, input = approval.input, content } = decision;
  return (
    approval.action === action &&
    approval.message === message &&
    digestOf(approval.editedInput ?? approval.input) === digestOf(input) &&
    (content === undefined || given === resultDigest({ content }))
  );
}

/** A call as a client's result finds it. `given`: the digest of the result it has; absent where it takes none. */
export interface AnsweredCall {
  callId: string;
  status: CallSnapshot['status'];
  given: string | undefined;
}

/** `digest`: of the result that is handed in. */
export function standingOfResult({ callId, status, given }: AnsweredCall, digest: string): Standing {
  if (status === 'awaiting_result') return 'open';
  if (given === undefined) {
    return { code: 'not_awaiting_result', message: `Call ${callId} takes no result; it is ${status}.` };
  }
  if (given === digest) return 'same';
  return { code: 'already_resolved', message: `Call ${callId} already has another result.` };
}
