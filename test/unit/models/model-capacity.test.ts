import { describe, expect, it } from '@jest/globals';
import {
  type CapacityState,
  giveBack,
  LEASE_MS,
  renew,
  take,
  UNUSED,
} from '../../../src/models/model-capacity.ts';
import type { ModelLimits } from '../../../src/models/model-limits.ts';

/** Takes a place, or throws. */
function taken(state: CapacityState, holder: string, limits: ModelLimits, nowMs: number): CapacityState {
  const answer = take(state, holder, limits, nowMs);
  if ('waitMs' in answer) throw new Error(`has to wait ${answer.waitMs} ms`);
  return answer.state;
}

describe('places at a provider', () => {
  const limits = { maxInFlight: 2 };

  it('are as many as it allows, and become free when they are given back', () => {
    const both = taken(taken(UNUSED, 'a', limits, 0), 'b', limits, 0);
    expect(take(both, 'c', limits, 0)).toEqual({ waitMs: 0 });
    const one = giveBack(both, 'a', 0, limits, 1);
    expect(Object.keys(taken(one, 'c', limits, 1).leases)).toEqual(['b', 'c']);
  });

  it('of workers that died become free by themselves, unless they are renewed', () => {
    const both = taken(taken(UNUSED, 'a', limits, 0), 'b', limits, 0);
    const renewed = renew(both, 'a', LEASE_MS - 1);
    expect(Object.keys(taken(renewed, 'c', limits, LEASE_MS).leases)).toEqual(['a', 'c']);
  });

  it('are kept by a call that is asked again after its worker died', () => {
    const both = taken(taken(UNUSED, 'a', limits, 0), 'b', limits, 0);
    expect(Object.keys(taken(both, 'a', limits, 5).leases).toSorted()).toEqual(['a', 'b']);
  });
});

describe('requests a minute', () => {
  const limits = { requestsPerMinute: 30 };

  it('never exceed what is allowed, beyond the first minute’s amount', () => {
    let state = UNUSED;
    let granted = 0;
    for (let nowMs = 0; nowMs < 600_000; nowMs += 250) {
      const answer = take(state, `call ${nowMs}`, limits, nowMs);
      if ('waitMs' in answer) continue;
      granted += 1;
      state = giveBack(answer.state, `call ${nowMs}`, 0, limits, nowMs);
    }
    expect(granted).toBeLessThanOrEqual(30 + 300);
    expect(granted).toBeGreaterThanOrEqual(300);
  });

  it('say when the next may be made', () => {
    let state = UNUSED;
    for (let call = 0; call < 30; call += 1) state = taken(state, `call ${call}`, limits, 0);
    expect(take(state, 'one more', limits, 0)).toEqual({ waitMs: 2_000 });
    expect(take(state, 'one more', limits, 1_500)).toEqual({ waitMs: 500 });
    taken(state, 'one more', limits, 2_000);
  });

  it('are not given out again by a clock that is behind', () => {
    let state = UNUSED;
    for (let call = 0; call < 30; call += 1) state = taken(state, `call ${call}`, limits, 100_000);
    expect(take(state, 'behind', limits, 0)).toEqual({ waitMs: 2_000 });
  });
});

describe('tokens a minute', () => {
  const limits = { tokensPerMinute: 6_000 };

  it('are counted when the answer is there, and then have to drain', () => {
    const asked = taken(UNUSED, 'a', limits, 0);
    const answered = giveBack(asked, 'a', 9_000, limits, 0);
    expect(take(answered, 'b', limits, 0)).toEqual({ waitMs: 30_010 });
    taken(answered, 'b', limits, 30_010);
  });
});
