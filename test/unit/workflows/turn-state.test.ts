import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../src/core/messages/accept.ts';
import { needsPublishing, needsRecording } from '../../../src/core/turn/idle.ts';
import { append, callOf } from '../../../src/core/turn/turn.ts';
import { approvalOf, pendingOf, snapshotOf } from '../../../src/core/turn/turn-snapshot.ts';
import { callsOf } from '../../../src/core/turn/turn-state.ts';
import { digestOf } from '../../../src/digest.ts';
import { addPending, addRequested, aTurn, BY, LATER, NOW } from '../../support/builders.ts';

const USAGE = { inputTokens: 7, outputTokens: 3 };
const resolved = (callId: string, action: 'allow' | 'deny' | 'respond' | 'expired' | 'granted') => ({
  type: 'approval.resolved' as const,
  callId,
  action,
  by: BY,
  via: 'update',
  inputDigest: digestOf({ path: 'a.txt' }),
});

describe('the state of a turn', () => {
  it('is waiting while one call is pending, though a sibling runs', () => {
    const turn = aTurn();
    addRequested(turn, { callId: 'call_1', tool: 'read' });
    addPending(turn, { callId: 'call_2' });
    append(turn, { type: 'tool_call.started', callId: 'call_1', attempt: 1 });
    expect(snapshotOf(turn, turn.log.state(), USAGE)).toMatchObject({
      status: 'waiting',
      usage: USAGE,
      seq: 4,
      cursor: '3.4',
      calls: [
        { callId: 'call_1', status: 'running' },
        { callId: 'call_2', status: 'pending', expiresAt: LATER },
      ],
      pending: [{ callId: 'call_2', kind: 'approval' }],
    });
    append(turn, resolved('call_2', 'allow'));
    expect(snapshotOf(turn, turn.log.state(), USAGE)).toMatchObject({ status: 'running', pending: [] });
  });

  it('waits for the result of a client’s tool, with the input that was decided on', () => {
    const turn = aTurn();
    addPending(turn, { tool: 'shoot', locus: 'client' });
    append(turn, {
      ...resolved('call_1', 'allow'),
      input: { path: 'b' },
      inputDigest: digestOf({ path: 'b' }),
    });
    append(turn, { type: 'tool_call.awaiting_result', callId: 'call_1' });
    expect(pendingOf(turn.log.state())).toEqual([
      {
        callId: 'call_1',
        tool: 'shoot',
        kind: 'result',
        input: { path: 'b' },
        inputDigest: digestOf({ path: 'b' }),
      },
    ]);
  });

  it('keeps calls in request order, whatever comes of them first', () => {
    const turn = aTurn();
    for (const callId of ['call_z', 'call_a', 'call_m']) addRequested(turn, { callId });
    append(turn, { type: 'tool_call.completed', callId: 'call_m', output: '' });
    expect(callsOf(turn.log.state()).map(({ callId }) => callId)).toEqual(['call_z', 'call_a', 'call_m']);
  });

  it.each([
    ['turn.completed', { output: 'done', usage: USAGE }, { status: 'completed', output: 'done' }],
    [
      'turn.failed',
      { error: { code: 'x', message: 'y' }, usage: USAGE },
      { status: 'failed', error: { code: 'x' } },
    ],
    ['turn.cancelled', { reason: 'why' }, { status: 'cancelled' }],
  ] as const)('has the end that %s tells', (type, rest, expected) => {
    const turn = aTurn();
    append(turn, { type, ...rest } as never);
    expect(snapshotOf(turn, turn.log.state(), USAGE)).toMatchObject(expected);
  });
});

describe('the record of an approval', () => {
  it('is none where nobody was asked', () => {
    const turn = aTurn();
    addRequested(turn);
    const call = callOf(turn, 'call_1');
    expect(call && approvalOf(turn, call)).toBeUndefined();
  });

  it.each([
    ['allow', 'allowed'],
    ['deny', 'denied'],
    ['respond', 'answered'],
    ['expired', 'expired'],
    ['granted', 'allowed'],
  ] as const)('after %s is %s, and keeps what was asked', (action, status) => {
    const turn = aTurn();
    addPending(turn);
    append(turn, resolved('call_1', action));
    const call = callOf(turn, 'call_1');
    expect(call && approvalOf(turn, call)).toEqual({
      callId: 'call_1',
      turnId: 'turn_1',
      sessionId: 'session_1',
      agent: 'helper',
      tool: 'write',
      input: { path: 'a.txt' },
      inputDigest: digestOf({ path: 'a.txt' }),
      status,
      allowedActions: ['allow', 'deny', 'always', 'respond'],
      requestedAt: NOW,
      expiresAt: LATER,
      action,
      by: BY,
      via: 'update',
      decidedAt: NOW,
    });
  });
});

describe('needsRecording', () => {
  it('is true while people wait for something that nothing carries, and nothing else will', () => {
    const turn = aTurn();
    expect(needsRecording(turn)).toBe(false);
    addPending(turn);
    expect(needsRecording(turn)).toBe(true);
    addRequested(turn, { callId: 'call_2', tool: 'read' });
    expect(needsRecording(turn)).toBe(false);
    append(turn, { type: 'tool_call.started', callId: 'call_2', attempt: 1 });
    expect(needsRecording(turn)).toBe(true);
    turn.log.schedule(turn.log.state().seq);
    expect(needsRecording(turn)).toBe(false);
  });
});

describe('needsPublishing', () => {
  it('is true while the turn waits with events that nobody carries, and none that is recorded for its own sake', () => {
    const turn = aTurn();
    addRequested(turn, { tool: 'read' });
    expect(needsPublishing(turn)).toBe(false);
    append(turn, { type: 'tool_call.started', callId: 'call_1', attempt: 1 });
    expect(needsPublishing(turn)).toBe(true);
    addPending(turn, { callId: 'call_2' });
    expect(needsPublishing(turn)).toBe(false);
    turn.log.schedule(turn.log.state().seq);
    expect(needsPublishing(turn)).toBe(false);
  });
});

describe('accept', () => {
  it('accepts a message once, and forgets only the oldest of so many', () => {
    const ids: string[] = [];
    expect(accept(ids, 'm', 100)).toBe(true);
    expect(accept(ids, 'm', 100)).toBe(false);
    for (let index = 0; index < 100; index += 1) accept(ids, `m${index}`, 100);
    expect(ids).toHaveLength(100);
    expect(accept(ids, 'm99', 100)).toBe(false);
    expect(accept(ids, 'm', 100)).toBe(true);
  });
});

describe('callOf', () => {
  it('knows only calls of the turn', () => {
    const turn = aTurn();
    expect(callOf(turn, 'toString')).toBeUndefined();
    expect(callOf(turn, '__proto__')).toBeUndefined();
  });
});
