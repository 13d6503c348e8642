import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TurnFact } from '../../../src/contract/index.ts';
import { isOpen } from '../../../src/core/turn/call-state.ts';
import { closeTurn, closingEvents, cutShortBy } from '../../../src/core/turn/closing.ts';
import { CUT_SHORT } from '../../../src/core/turn/cut-short.ts';
import { createTurnLog } from '../../../src/core/turn/turn-log.ts';
import { callsOf, stateAfter } from '../../../src/core/turn/turn-state.ts';
import { addPending, addRequested, anyFact, aTurn, NOW } from '../../support/builders.ts';

const USAGE = { inputTokens: 1, outputTokens: 1 };
const FAILED = { type: 'turn.failed', error: { code: 'terminated', message: '' }, usage: USAGE } as const;
const TURN = 'turn_1';

function logOf(facts: TurnFact[]) {
  const log = createTurnLog(TURN, () => NOW);
  for (const fact of facts) log.append(fact);
  return log;
}

describe('closing a turn', () => {
  it('appends the same events in the workflow and behind the back of a workflow that is gone', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const log = logOf(facts);
        const known = log.unacknowledged();
        closeTurn(log, FAILED, cutShortBy('turn_failed'));
        expect(closingEvents(TURN, known, FAILED, NOW)).toEqual(log.unacknowledged().slice(known.length));
      }),
    );
  });

  it('leaves no call open, and the end is its last event', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const log = logOf(facts);
        closeTurn(log, FAILED, cutShortBy('turn_failed'));
        const events = log.unacknowledged();
        expect(callsOf(stateAfter(events)).filter(isOpen)).toEqual([]);
        expect(events.at(-1)).toMatchObject(FAILED);
      }),
    );
  });

  it('expires an approval before its call fails', () => {
    const turn = aTurn();
    addRequested(turn, { callId: 'call_1', tool: 'read' });
    addPending(turn, { callId: 'call_2' });
    const known = turn.log.unacknowledged();
    const error = { code: 'turn_failed', message: CUT_SHORT };
    expect(closingEvents(TURN, known, FAILED, NOW)).toMatchObject([
      { seq: 4, type: 'tool_call.failed', callId: 'call_1', error },
      { seq: 5, type: 'approval.resolved', callId: 'call_2', action: 'expired', via: 'turn_ended' },
      { seq: 6, type: 'tool_call.failed', callId: 'call_2', error },
      { seq: 7, type: 'turn.failed' },
    ]);
  });

  it('fails calls in the order of their requests, also one that an event has opened again', () => {
    const turn = aTurn();
    for (const callId of ['call_1', 'call_2']) addRequested(turn, { callId, tool: 'read' });
    turn.log.append({ type: 'tool_call.failed', callId: 'call_1', error: { code: 'denied', message: '' } });
    turn.log.append({ type: 'tool_call.started', callId: 'call_1', attempt: 1 });
    const known = turn.log.unacknowledged();
    closeTurn(turn.log, FAILED, cutShortBy('turn_failed'));
    const closing = turn.log.unacknowledged().slice(known.length);
    expect(closing).toMatchObject([{ callId: 'call_1' }, { callId: 'call_2' }, { type: 'turn.failed' }]);
    expect(closingEvents(TURN, known, FAILED, NOW)).toEqual(closing);
  });

  it('has its end also where that is longer than a page of the log', () => {
    const turn = aTurn();
    addRequested(turn);
    const end = { type: 'turn.completed', output: 'x'.repeat(600_000), usage: USAGE } as const;
    expect(closingEvents(TURN, turn.log.unacknowledged(), end, NOW).at(-1)).toMatchObject(end);
  });
});
