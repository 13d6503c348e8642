import type { Failure } from '../../contract/index.ts';

/** What a call is told that the turn's end leaves without a result. A retry of the turn knows it by this. */
export const CUT_SHORT = 'The turn ended before this call had a result.';

/** What a call is told that was waiting when its turn was stopped. */
export const STOPPED = {
  code: 'stopped',
  message: 'The turn was told to stop while this call was waiting.',
};

const CODES: ReadonlySet<string> = new Set(['turn_failed', 'cancelled']);

/** Whether a call's failure says no more than that its turn ended. */
export function isCutShort({ code, message }: Failure): boolean {
  return (CODES.has(code) && message === CUT_SHORT) || (code === STOPPED.code && message === STOPPED.message);
}
