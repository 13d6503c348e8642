import type { Refusal } from '../messages/refusal.ts';
import { contentFault } from './message-shapes.ts';
import type { AnsweredApproval } from './messages.ts';
import { isBounded, type Turn } from './turn.ts';

/** Why a turn refuses a message; of a call that is decided, with the record. */
export interface TurnRefusal extends Refusal {
  approval?: AnsweredApproval;
}

/** A signal that is sent by hand may be of any length. */
export function lengthFault(turn: Turn, { content }: { content?: string | undefined }): string | undefined {
  return isBounded(turn) && content !== undefined ? contentFault(content) : undefined;
}
