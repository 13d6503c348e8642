import type { ProblemCode } from '../../contract/index.ts';

/** Why a message is refused; nothing changes. */
export interface Refusal {
  code: ProblemCode;
  message: string;
}
