import type { ProblemCode } from '../../contract/index.ts';
import { contentFault } from './message-shapes.ts';
import type { AnsweredApproval } from './messages.ts';
import { isBounded, type Turn } from './turn.ts';

/** Why a message is refused; nothing changes. */
export interface Refusal {
  code: ProblemCode;
  message: string;
  approval?: AnsweredApproval;
}

/** A signal that is sent by hand may be of any length. */
export function lengthFault(turn: Turn, { content }: { content?: string | undefined }): string | undefined {
  return isBounded(turn) && content !== undefined ? contentFault(content) : undefined;
}
