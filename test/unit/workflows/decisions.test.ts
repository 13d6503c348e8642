import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseResult, takeResult } from '../../../src/core/turn/client-results.ts';
import { refuseDecision, takeDecision } from '../../../src/core/turn/decisions.ts';
import type { ToolDecision } from '../../../src/core/turn/messages.ts';
import { callOf, type Turn } from '../../../src/core/turn/turn.ts';
import { digestOf } from '../../../src/digest.ts';
import { aDecision, addPending, addRequested, aGrant, aTurn, BY, NOW } from '../../support/builders.ts';

/** Takes a decision as the handlers do; throws where it is refused. */
function decide(turn: Turn, decision: Partial<ToolDecision> = {}) {
  const refusal = refuseDecision(turn, aDecision(decision), NOW);
  if (refusal) throw new Error(`${refusal.code}: ${refusal.message}`);
  return takeDecision(turn, aDecision(decision), NOW);
}

const refusedWith = (turn: Turn, decision: Partial<ToolDecision> = {}) =>
  refuseDecision(turn, aDecision(decision), NOW)?.code;
const statusOf = (turn: Turn, callId = 'call_1') => callOf(turn, callId)?.status;
const written = (turn: Turn) => turn.log.since({ seq: 0, chain: '' }).events.length;

describe('taking a decision', () => {
  it.each<[Partial<ToolDecision>, string]>([
    [{ action: 'allow' }, 'ready'],
    [{ action: 'always' }, 'ready'],
    [{ action: 'deny' }, 'failed'],
    [{ action: 'respond', content: 'by hand' }, 'completed'],
    [{ action: 'allow', content: 'by hand' }, 'completed'],
  ])('%j leaves the call %s', (decision, status) => {
    const turn = aTurn();
    addPending(turn);
    expect(decide(turn, decision)).toMatchObject({ action: decision.action, by: BY, decisionId: 'msg_1' });
    expect(statusOf(turn)).toBe(status);
  });

  it('lets a client’s call wait for its client', () => {
    const turn = aTurn();
    addPending(turn, { tool: 'shoot', locus: 'client' });
    decide(turn);
    expect(statusOf(turn)).toBe('awaiting_result');
  });

  it('is one-shot, and answers the same decision with the record', () => {
    const turn = aTurn();
    addPending(turn);
    const record = decide(turn, { action: 'deny', message: 'no' });
    const events = written(turn);
    expect(decide(turn, { action: 'deny', message: 'no', messageId: 'msg_2' })).toEqual(record);
    expect(refuseDecision(turn, aDecision({ action: 'deny', message: 'never' }), NOW)).toMatchObject({
      code: 'already_decided',
      approval: record,
    });
    expect(refusedWith(turn, { action: 'allow' })).toBe('already_decided');
    expect(written(turn)).toBe(events);
  });

  it('has one winner among any decisions in any order', () => {
    const decision = fc.record({
      action: fc.constantFrom<ToolDecision['action']>('allow', 'deny', 'always'),
      messageId: fc.uuid(),
    });
    fc.assert(
      fc.property(fc.array(decision, { minLength: 1, maxLength: 10 }), (decisions) => {
        const turn = aTurn();
        addPending(turn);
        const [first, ...others] = decisions;
        const record = decide(turn, first);
        for (const other of others) {
          const refusal = refuseDecision(turn, aDecision(other), NOW);
          if (other.action === first?.action) expect(decide(turn, other)).toEqual(record);
          else expect(refusal?.approval).toEqual(record);
        }
        const { events } = turn.log.since({ seq: 0, chain: '' });
        expect(events.filter(({ type }) => type === 'approval.resolved')).toHaveLength(1);
      }),
    );
  });
});

describe('refusing a decision', () => {
  it('I2, I3, I11: of another tool, or of an unknown call, changes nothing', () => {
    const turn = aTurn();
    addPending(turn);
    const events = written(turn);
    for (const toolName of ['', 'nope', 'write_v2', 'WRITE'])
      expect(refusedWith(turn, { toolName })).toBe('tool_mismatch');
    for (const callId of ['call_2', 'constructor', '__proto__'])
      expect(refusedWith(turn, { callId })).toBe('call_not_found');
    expect(written(turn)).toBe(events);
    expect(statusOf(turn)).toBe('pending');
    expect(refusedWith(turn, { toolName: 'write' })).toBeUndefined();
  });

  it('says that a call needs none', () => {
    const turn = aTurn();
    addRequested(turn);
    expect(refusedWith(turn)).toBe('already_resolved');
  });

  it('once the turn is ending', () => {
    const turn = aTurn();
    addPending(turn);
    turn.ending = true;
    expect(refusedWith(turn)).toBe('turn_ended');
  });

  it('always, where it is not offered', () => {
    const turn = aTurn();
    addPending(turn, { allowedActions: ['allow', 'deny', 'respond'] });
    expect(refusedWith(turn, { action: 'always' })).toBe('always_refused');
    expect(refusedWith(turn, { action: 'allow' })).toBeUndefined();
  });

  it.each<Partial<Record<keyof ToolDecision, unknown>>>([
    { action: 'respond' },
    { action: 'deny', content: 'x' },
    { action: 'deny', input: {} },
    { action: 'respond', content: 'x', input: {} },
    { action: 7 },
    { content: {} },
    { input: [] },
    { message: 7 },
    { action: 'always', grant: { scope: 'world' } },
    { action: 'always', grant: { matcher: { kind: 'glob' } } },
    { action: 'always', grant: { matcher: { kind: 'regex', args: {} } } },
    { action: 'always', grant: { expiresAt: 'tomorrow' } },
    { action: 'always', grant: { maxUses: 1.5 } },
  ])('of a wrong shape: %j', (decision) => {
    const turn = aTurn();
    addPending(turn);
    expect(refusedWith(turn, decision as Partial<ToolDecision>)).toBe('validation_failed');
  });
});

describe('edited input', () => {
  const guarded = () => {
    const turn = aTurn({
      policy: {
        rules: [
          { tool: 'write', args: { path: 'secret/**' }, gate: 'deny' },
          { tool: 'write', args: { path: 'once/**' }, gate: 'ask', grantable: false },
        ],
      },
    });
    addPending(turn);
    return turn;
  };

  it('replaces what is executed; what was asked stays on record', () => {
    const turn = guarded();
    const record = decide(turn, { input: { path: 'b.txt' } });
    expect(record).toMatchObject({ input: { path: 'a.txt' }, editedInput: { path: 'b.txt' } });
    expect(callOf(turn, 'call_1')).toMatchObject({
      input: { path: 'b.txt' },
      inputDigest: digestOf({ path: 'b.txt' }),
      tool: 'write',
    });
  });

  it('is judged by the policy', () => {
    const turn = guarded();
    expect(refusedWith(turn, { input: { path: 'x/../secret/key' } })).toBe('denied_by_policy');
    expect(refusedWith(turn, { action: 'always', input: { path: 'once/x' } })).toBe('always_refused');
    expect(refusedWith(turn, { action: 'allow', input: { path: 'once/x' } })).toBeUndefined();
  });
});

describe('always', () => {
  it('remembers who, for what and how long, and releases what it covers', () => {
    const turn = aTurn();
    addPending(turn, { callId: 'call_1' });
    addPending(turn, { callId: 'call_2' });
    addPending(turn, { callId: 'call_3', input: { path: 'b.txt' } });
    addPending(turn, { callId: 'call_4', tool: 'read' });
    const record = decide(turn, { action: 'always', grant: { scope: 'turn', matcher: { kind: 'exact' } } });
    expect(turn.memory.grants).toEqual([
      aGrant({
        id: record.grantId ?? '',
        callId: 'call_1',
        scope: 'turn',
        matcher: { kind: 'exact', inputDigest: digestOf({ path: 'a.txt' }) },
      }),
    ]);
    expect(['call_1', 'call_2', 'call_3', 'call_4'].map((id) => statusOf(turn, id))).toEqual([
      'ready',
      'ready',
      'pending',
      'pending',
    ]);
    expect(callOf(turn, 'call_2')?.resolution).toMatchObject({ action: 'granted', grantId: record.grantId });
  });

  it('releases nothing that a rule keeps asking for, and nothing before its uses are counted', () => {
    const turn = aTurn({
      policy: { rules: [{ tool: 'write', args: { path: 'b*' }, gate: 'ask', grantable: false }] },
    });
    addPending(turn, { callId: 'call_1' });
    addPending(turn, { callId: 'call_2', input: { path: 'b.txt' } });
    decide(turn, { action: 'always' });
    expect(statusOf(turn, 'call_2')).toBe('pending');

    const counted = aTurn();
    addPending(counted, { callId: 'call_1' });
    addPending(counted, { callId: 'call_2' });
    decide(counted, { action: 'always', grant: { scope: 'session', maxUses: 1 } });
    expect(statusOf(counted, 'call_2')).toBe('pending');
  });

  it('I9: keeps a client’s calls with the client', () => {
    const turn = aTurn();
    addPending(turn, { callId: 'call_1', tool: 'shoot', locus: 'client' });
    addPending(turn, { callId: 'call_2', tool: 'shoot', locus: 'client' });
    decide(turn, { action: 'always' });
    expect([statusOf(turn, 'call_1'), statusOf(turn, 'call_2')]).toEqual([
      'awaiting_result',
      'awaiting_result',
    ]);
    expect(turn.memory.grants[0]?.locus).toBe('client');
  });
});

describe('a client’s result', () => {
  const result = (content: string, isError?: boolean) => ({
    messageId: 'msg_1',
    by: BY,
    callId: 'call_1',
    content,
    ...(isError !== undefined && { isError }),
  });
  const awaiting = () => {
    const turn = aTurn();
    addPending(turn, { tool: 'shoot', locus: 'client' });
    return turn;
  };

  it('is taken verbatim and once, after the decision', () => {
    const turn = awaiting();
    expect(refuseResult(turn, result('early'))?.code).toBe('awaiting_decision');
    decide(turn);
    expect(refuseResult(turn, result('one'))).toBeUndefined();
    takeResult(turn, result('one'));
    expect(statusOf(turn)).toBe('completed');
    expect(refuseResult(turn, result('one', false))).toBeUndefined();
    expect(takeResult(turn, result('one'))).toEqual({ callId: 'call_1' });
    expect(refuseResult(turn, result('two'))?.code).toBe('already_resolved');
    expect(refuseResult(turn, result('one', true))?.code).toBe('already_resolved');
  });

  it('is refused where none is awaited', () => {
    const turn = awaiting();
    decide(turn, { content: 'from the person' });
    expect(refuseResult(turn, result('x'))?.code).toBe('not_awaiting_result');
    expect(refuseResult(turn, { ...result('x'), callId: 'call_9' })?.code).toBe('call_not_found');
    turn.ending = true;
    expect(refuseResult(turn, result('x'))?.code).toBe('turn_ended');
  });

  it('is cut for the model, and remembered whole until it is kept', () => {
    const turn = awaiting();
    decide(turn);
    takeResult(turn, result('x'.repeat(6_001)));
    expect(turn.memory.fullResults['call_1']).toHaveLength(6_001);
  });
});
