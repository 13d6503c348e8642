import { type JudgedCall, type Judgement, judge } from '../policy/policy.ts';
import { type Turn, toolOf } from './turn.ts';

/** A call with what its arguments stand for, where the turn judges by that. */
export function judged(turn: Turn, { tool, input, inputDigest }: JudgedCall): JudgedCall {
  const values = turn.prepared.judgesValues && { subjects: toolOf(turn, tool)?.subjects ?? {} };
  return { tool, input, inputDigest, ...values };
}

/** What the policy and the grants say of a call, at this moment. */
export function judgeCall(turn: Turn, call: JudgedCall, at: string): Judgement {
  const { policy } = turn.prepared;
  const gate = toolOf(turn, call.tool)?.gate;
  return judge(judged(turn, call), policy, gate, turn.memory.grants, at, judgingSteps(turn));
}

/** Most steps that all calls of a step may take to be judged at once; some 100 ms. Decisions in histories depend on it. */
const MAX_STEP_JUDGING = 4_000_000;
const FEW_CALLS = 8;

/** Most steps that judging one call may take; undefined in turns that began before there was a bound. */
export function judgingSteps({ prepared, callsInStep }: Turn): number | undefined {
  return prepared.boundedMatching
    ? Math.floor(MAX_STEP_JUDGING / Math.max(callsInStep, FEW_CALLS))
    : undefined;
}
