import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PendingCall, TurnEvent } from '../../../src/contract/index.ts';
import { approvalStatus } from '../../../src/core/turn/approval-status.ts';
import { callHistory, recordedCalls } from '../../../src/core/turn/call-history.ts';
import { callsToLookUp, project } from '../../../src/core/turn/projection.ts';
import { approvalOf, pendingOf } from '../../../src/core/turn/turn-snapshot.ts';
import { advance, callsOf, initialTurnState, stateAfter } from '../../../src/core/turn/turn-state.ts';
import { callFacts, eventsOf } from '../../support/call-facts.ts';

const events = callFacts.map((facts) => eventsOf(facts));
/** The events, and where they are cut in two. */
const twoParts = fc.tuple(events, fc.nat(30)).map(([all, at]) => [all.slice(0, at), all.slice(at)] as const);

const byCall = (pending: PendingCall[]) => pending.toSorted((a, b) => (a.callId < b.callId ? -1 : 1));

/** What the store does: it projects new events onto the row, and looks inputs up among the events that it has. */
function append(stored: TurnEvent[], pending: PendingCall[], fresh: TurnEvent[]) {
  const wanted = callsToLookUp(pending, fresh);
  const earlier = stored.filter(
    (event) =>
      (event.type === 'tool_call.requested' || event.type === 'approval.resolved') &&
      wanted.includes(event.callId),
  );
  return project(pending, earlier, fresh);
}

describe('the fold of a turn’s events', () => {
  it('comes to the same in parts as at once', () => {
    fc.assert(
      fc.property(twoParts, ([first, second]) => {
        const inParts = second.reduce(advance, first.reduce(advance, initialTurnState()));
        expect(inParts).toEqual(stateAfter([...first, ...second]));
      }),
    );
  });
});

describe('the projection of events on the read model', () => {
  it('waits for what the state waits for', () => {
    fc.assert(
      fc.property(events, (all) => {
        expect(byCall(project([], [], all).pending)).toEqual(byCall(pendingOf(stateAfter(all))));
      }),
    );
  });

  it('comes to the same in parts as at once, with no more events than it asks for', () => {
    fc.assert(
      fc.property(twoParts, ([first, second]) => {
        const whole = project([], [], [...first, ...second]);
        const before = project([], [], first);
        const after = append(first, before.pending, second);
        expect(after.pending).toEqual(whole.pending);
        expect([...before.requested, ...after.requested]).toEqual(whole.requested);
        expect([...before.resolved, ...after.resolved]).toEqual(whole.resolved);
      }),
    );
  });

  it('writes of each approval what the state has of it', () => {
    fc.assert(
      fc.property(events, (all) => {
        const identity = { turnId: 'turn_1', sessionId: 'session_1', agent: 'helper' };
        const { requested, resolved } = project([], [], all);
        const records = callsOf(stateAfter(all)).flatMap((call) => approvalOf(identity, call) ?? []);
        expect(new Set(requested.map(({ callId }) => callId))).toEqual(
          new Set(records.map(({ callId }) => callId)),
        );
        for (const { callId, status, action } of records) {
          const written = resolved.find((each) => each.callId === callId)?.resolution;
          expect(written?.action).toBe(action);
          expect(written ? approvalStatus(written.action) : 'pending').toBe(status);
        }
      }),
    );
  });

  it('shows what is waited for in the order in which the wait began', () => {
    const asks = (callId: string) => ({ type: 'tool_call.awaiting_result' as const, callId });
    const request = (callId: string) => ({
      type: 'tool_call.requested' as const,
      callId,
      step: 1,
      tool: 'shoot',
      locus: 'client' as const,
      gate: 'allow' as const,
      input: {},
      inputDigest: 'sha256:x',
    });
    const [all] = [eventsOf([request('call_a'), request('call_b'), asks('call_b'), asks('call_a')])];
    expect(project([], [], all).pending.map(({ callId }) => callId)).toEqual(['call_b', 'call_a']);
    expect(pendingOf(stateAfter(all)).map(({ callId }) => callId)).toEqual(['call_a', 'call_b']);
  });
});

describe('the history of a call', () => {
  it('stands where the state has the call', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const call of callsOf(stateAfter(all))) {
          expect(callHistory(all, call.callId)).toMatchObject({
            status: call.status,
            input: call.input,
            inputDigest: call.inputDigest,
            ...(call.error && { error: call.error, outcome: { error: call.error } }),
          });
        }
      }),
    );
  });

  it('is told to a model with the same input and outcome', () => {
    fc.assert(
      fc.property(events, (all) => {
        const asked = all.flatMap((event) => (event.type === 'tool_call.requested' ? [event] : []));
        for (const [callId, told] of recordedCalls(asked, all)) {
          const { input, outcome } = callHistory(all, callId) ?? {};
          expect({ input: told.input, outcome: told.outcome }).toEqual({ input, outcome });
        }
      }),
    );
  });

  it('keeps when it was executed, and the digest of the input that the model asked for', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const { callId } of callsOf(stateAfter(all))) {
          const own = all.filter((event) => 'callId' in event && event.callId === callId);
          const [request] = own;
          const starts = own.filter(({ type }) => type === 'tool_call.started');
          const history = callHistory(all, callId);
          expect(history?.requestedDigest).toBe(
            request?.type === 'tool_call.requested' && request.inputDigest,
          );
          expect(history?.requestedAt).toBe(request?.at);
          expect(history?.attempts).toBe(starts.length);
          expect(history?.startedAt).toBe(starts.at(-1)?.at);
          expect(history?.awaited === true).toBe(
            own.some(({ type }) => type === 'tool_call.awaiting_result'),
          );
        }
      }),
    );
  });
});
