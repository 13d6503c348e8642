import { describe, expect, it } from '@jest/globals';
import { GrantMatcher } from '../../../src/contract/index.ts';
import { refuseDecision, takeDecision } from '../../../src/core/turn/decisions.ts';
import { mostGrants } from '../../../src/core/turn/grant-limits.ts';
import { jsonBytes, MAX_GRANTS, MAX_GRANTS_BYTES } from '../../../src/core/turn/sizes.ts';
import { aDecision, addPending, aGrant, aTurn, LATER, NOW } from '../../support/builders.ts';

const grants = (count: number, rest = {}) =>
  Array.from({ length: count }, (_, n) => aGrant({ id: `grant_${n}`, tool: 'other', ...rest }));
const always = aDecision({ action: 'always' });

describe('a session with 500 grants in force', () => {
  it('takes no further one, and the call goes on waiting', () => {
    const turn = aTurn({ bounded: true });
    addPending(turn);
    turn.memory.grants = grants(MAX_GRANTS);
    const seq = turn.log.state().seq;
    expect(refuseDecision(turn, always, NOW)).toMatchObject({ code: 'grant_limit_reached' });
    expect(turn.log.state().seq).toBe(seq);
    expect(refuseDecision(turn, aDecision({ action: 'allow' }), NOW)).toBeUndefined();
  });

  it('answers the decision that gave the last one again', () => {
    const turn = aTurn({ bounded: true });
    addPending(turn);
    turn.memory.grants = grants(MAX_GRANTS - 1);
    expect(refuseDecision(turn, always, NOW)).toBeUndefined();
    const record = takeDecision(turn, always, NOW);
    expect(turn.memory.grants).toHaveLength(MAX_GRANTS);
    expect(refuseDecision(turn, always, NOW)).toBeUndefined();
    expect(takeDecision(turn, always, NOW)).toEqual(record);
  });

  it('takes one where others have expired', () => {
    const turn = aTurn({ bounded: true });
    addPending(turn);
    turn.memory.grants = grants(MAX_GRANTS, { expiresAt: NOW });
    expect(refuseDecision(turn, always, LATER)).toBeUndefined();
  });
});

describe('grants that take more than their share', () => {
  const matcher = { kind: 'glob' as const, args: { path: 'x'.repeat(1_000), other: 'y'.repeat(900) } };

  it('are refused as well', () => {
    const turn = aTurn({ bounded: true });
    addPending(turn);
    turn.memory.grants = grants(241, { matcher });
    expect(jsonBytes(turn.memory.grants)).toBeGreaterThan(MAX_GRANTS_BYTES);
    expect(refuseDecision(turn, always, NOW)).toMatchObject({ code: 'grant_limit_reached' });
    turn.memory.grants = [];
    const args = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`a${n}`, 'z'.repeat(600)]));
    const large = aDecision({
      action: 'always',
      grant: { scope: 'session', matcher: { kind: 'glob', args } },
    });
    expect(refuseDecision(turn, large, NOW)).toMatchObject({ code: 'grant_limit_reached' });
    expect(GrantMatcher.safeParse({ kind: 'glob', args }).success).toBe(false);
    expect(GrantMatcher.safeParse(matcher).success).toBe(true);
  });

  it('are loaded newest first, as many as may be', () => {
    const kept = mostGrants(grants(5_000));
    expect(kept).toHaveLength(MAX_GRANTS);
    expect(kept.at(-1)?.id).toBe('grant_4999');
    expect(jsonBytes(mostGrants(grants(500, { matcher })))).toBeLessThanOrEqual(MAX_GRANTS_BYTES);
  });
});
