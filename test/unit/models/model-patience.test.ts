import { describe, expect, it } from '@jest/globals';
import {
  type AfterFailure,
  afterFailure,
  type ModelFailure,
  type PatienceTerms,
  type Spent,
} from '../../../src/models/model-patience.ts';

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const AWAY: ModelFailure = { code: 'model_unavailable', retryable: true, durationMs: 0 };
const HOUR_MS = 3_600_000;

/** Fails until it is over, at most so often. */
function series(
  failureAt: (index: number) => ModelFailure,
  terms: PatienceTerms,
  random: () => number,
  most = 10_000,
): AfterFailure[] {
  const all: AfterFailure[] = [];
  let spent: Spent | undefined;
  while (all.length < most) {
    const after = afterFailure(spent, failureAt(all.length), terms, random);
    all.push(after);
    if (after.next !== 'again') break;
    spent = after.spent;
  }
  return all;
}

const delaysOf = (all: AfterFailure[]) =>
  all.flatMap((after) => (after.next === 'again' ? [after.delayMs] : []));
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe('patience with a model that fails', () => {
  it('lasts for an hour of outage, in waits that double up to a minute, and ends then', () => {
    for (let seed = 0; seed < 25; seed += 1) {
      const all = series(() => AWAY, { patienceMs: HOUR_MS }, seeded(seed));
      const delays = delaysOf(all);
      expect(sum(delays)).toBe(HOUR_MS);
      expect(all.at(-1)?.next).toBe('over');
      // All but the last, which is cut so that the last question falls on the end.
      const outside = delays.slice(0, -1).filter((delay, index) => {
        const most = Math.min(60_000, 1_000 * 2 ** index);
        return delay < most / 2 || delay > most;
      });
      expect(outside).toEqual([]);
      expect(delays.length).toBeGreaterThan(60);
      expect(delays.length).toBeLessThan(130);
    }
  });

  it('is never exceeded by waits and attempts, whatever the provider does', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = seeded(seed);
      const patienceMs = 1 + Math.floor(random() * 200_000);
      const failures = Array.from({ length: 10_000 }, () => ({
        ...AWAY,
        durationMs: Math.floor(random() * 5_000),
        ...(random() < 0.3 && { retryAfterMs: Math.floor(random() * 20_000) }),
      }));
      const all = series((index) => failures[index] ?? AWAY, { patienceMs }, random);
      expect(all.at(-1)?.next).toBe('over');
      const delays = delaysOf(all);
      // The attempt that led to the first failure is not waiting, and the last one began in time.
      const attemptsMs = sum(failures.slice(1, delays.length).map(({ durationMs }) => durationMs));
      expect(sum(delays) + attemptsMs).toBeLessThanOrEqual(patienceMs);
      const undercut = delays.filter((delay, index) => delay < (failures[index]?.retryAfterMs ?? 0));
      expect(undercut).toEqual([]);
    }
  });

  it('begins with the first failure, however long that attempt took', () => {
    const after = afterFailure(undefined, { ...AWAY, durationMs: HOUR_MS }, { patienceMs: 1_000 }, () => 0);
    expect(after).toEqual({ next: 'again', delayMs: 500, spent: { failures: 1, spentMs: 500 } });
  });

  it('waits as long as Retry-After says, and up to a tenth more, so that not all come back at once', () => {
    const failure = { ...AWAY, retryAfterMs: 30_000 };
    const delayWith = (random: number) =>
      delaysOf([afterFailure(undefined, failure, { patienceMs: HOUR_MS }, () => random)]);
    expect(delayWith(0)).toEqual([30_000]);
    expect(delayWith(0.999)).toEqual([32_997]);
  });

  it('is over at once when Retry-After asks for more than is left', () => {
    const failure = { ...AWAY, retryAfterMs: 2_000 };
    expect(afterFailure(undefined, failure, { patienceMs: 1_000 }, () => 0).next).toBe('over');
  });

  it('does not ask in a tight loop, though Retry-After says 0', () => {
    const delays = delaysOf(
      series(
        () => ({ ...AWAY, retryAfterMs: 0 }),
        { patienceMs: HOUR_MS },
        () => 0,
        100,
      ),
    );
    expect(delays.slice(0, 3)).toEqual([10, 20, 40]);
    expect(delays.at(-1)).toBe(600);
  });

  it('has none for what would fail again', () => {
    const failure = { ...AWAY, code: 'model_bad_request', retryable: false };
    const terms = { patienceMs: HOUR_MS, fallbackAfterMs: 60_000 };
    expect(afterFailure(undefined, failure, terms, () => 0).next).toBe('over');
  });
});

describe('a fallback', () => {
  const terms = { patienceMs: HOUR_MS, fallbackAfterMs: 10_000 };

  it('is asked when its share of the patience is over', () => {
    const all = series(() => AWAY, terms, seeded(1));
    expect(all.at(-1)?.next).toBe('fallback');
    expect(sum(delaysOf(all))).toBe(10_000);
  });

  it('is asked at once when the provider lets nobody in, or asks for more time than the share', () => {
    const unauthorized = { ...AWAY, code: 'model_unauthorized', retryable: false };
    expect(afterFailure(undefined, unauthorized, terms, () => 0).next).toBe('fallback');
    expect(afterFailure(undefined, { ...AWAY, retryAfterMs: 10_001 }, terms, () => 0).next).toBe('fallback');
    expect(afterFailure(undefined, unauthorized, { patienceMs: HOUR_MS }, () => 0).next).toBe('over');
  });
});
