import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callHistory } from '../../../src/core/turn/call-history.ts';
import { refuseResult, takeResult } from '../../../src/core/turn/client-results.ts';
import { refuseDecision, takeDecision } from '../../../src/core/turn/decisions.ts';
import { resultDigest } from '../../../src/core/turn/message-digests.ts';
import type { ToolDecision } from '../../../src/core/turn/messages.ts';
import { standingOfDecision, standingOfResult } from '../../../src/core/turn/settled.ts';
import { append, callOf, type Turn } from '../../../src/core/turn/turn.ts';
import { approvalOf } from '../../../src/core/turn/turn-snapshot.ts';
import { aDecision, addPending, addRequested, aTurn, BY, NOW } from '../../support/builders.ts';

const CALL = 'call_1';

const anyDecision: fc.Arbitrary<ToolDecision> = fc
  .oneof(
    fc.record({
      action: fc.constantFrom('allow', 'always'),
      input: fc.constantFrom({ path: 'b' }, undefined),
    }),
    fc.record({ action: fc.constant('deny'), message: fc.constantFrom('no', 'never', undefined) }),
    fc.record({ action: fc.constant('respond'), content: fc.constantFrom('done', 'undone') }),
  )
  .map((each) => {
    const told = Object.entries(each).filter(([, value]) => value !== undefined);
    return aDecision(Object.fromEntries(told) as Partial<ToolDecision>);
  });

/** How the record of the call's approval, and its result, judge a decision. */
function onRecord(turn: Turn, decision: ToolDecision) {
  const call = callOf(turn, CALL);
  const approval = call && approvalOf(turn, call);
  if (!call || !approval) throw new Error('nobody was asked');
  const outcome = callHistory(turn.log.unacknowledged(), CALL)?.outcome;
  const given = outcome && 'output' in outcome ? { given: resultDigest({ content: outcome.output }) } : {};
  const known = { approval, ...given };
  return standingOfDecision({ callId: CALL, tool: call.tool, approval, known }, decision);
}

describe('a decision on a call that is decided', () => {
  it('is judged by the record as by the workflow that took it', () => {
    fc.assert(
      fc.property(anyDecision, anyDecision, (first, second) => {
        const turn = aTurn();
        addPending(turn);
        takeDecision(turn, first, NOW);
        const refusal = refuseDecision(turn, second, NOW);
        const standing = onRecord(turn, second);
        expect(standing === 'same' ? undefined : standing).toEqual(refusal);
        expect(onRecord(turn, first)).toBe('same');
      }),
    );
  });

  it('names another tool than the call’s: that is refused before anything else is compared', () => {
    const turn = aTurn();
    addPending(turn);
    expect(onRecord(turn, aDecision({ toolName: 'read' }))).toMatchObject({ code: 'tool_mismatch' });
    expect(onRecord(turn, aDecision({ toolName: 'write' }))).toBe('open');
  });
});

describe('a result of a call that has one', () => {
  const results = fc.record({ content: fc.constantFrom('a', 'b', ''), isError: fc.boolean() });

  it('is judged by the record as by the workflow that took it', () => {
    fc.assert(
      fc.property(results, results, (first, second) => {
        const turn = aTurn();
        addRequested(turn, { tool: 'shoot', locus: 'client' });
        append(turn, { type: 'tool_call.awaiting_result', callId: CALL });
        const message = { messageId: 'msg_1', by: BY, callId: CALL };
        takeResult(turn, { ...message, ...first });
        const call = callHistory(turn.log.unacknowledged(), CALL);
        const given =
          call?.outcome &&
          ('output' in call.outcome
            ? resultDigest({ content: call.outcome.output })
            : resultDigest({ content: call.outcome.error.message, isError: true }));
        const standing = standingOfResult({ callId: CALL, status: 'completed', given }, resultDigest(second));
        const refusal = refuseResult(turn, { ...message, ...second });
        expect(standing === 'same' ? undefined : standing).toEqual(refusal);
      }),
    );
  });

  it('is refused where the call takes none', () => {
    expect(standingOfResult({ callId: CALL, status: 'running', given: undefined }, 'x')).toMatchObject({
      code: 'not_awaiting_result',
      message: 'Call call_1 takes no result; it is running.',
    });
  });
});
