import type { Flow } from '../flow/flow.ts';
import { type Judgement, judgeFlow } from '../verdict/differential-test.ts';
import { asksPlainly } from '../verdict/showing.ts';
import { readSettled } from './read-settled.ts';

/** Whether the flow is logged in. A page that still asks for something is not, and no other is opened then. */
export async function verifyFlow(flow: Flow, signal: AbortSignal): Promise<Judgement> {
  if (asksPlainly(await readSettled(flow, signal))) return { verdict: 'logged_out' };
  return judgeFlow(flow, signal);
}
