import { describe, expect, it } from '@jest/globals';
import { createPerTurnLimit } from '../../../src/temporal/turn/per-turn-limit.ts';

/** Sends messages of these sizes to one turn, and ends them one after another; how many were under way each time. */
async function underWay(sizes: number[]): Promise<number[]> {
  const limited = createPerTurnLimit();
  const running: (() => void)[] = [];
  const counts: number[] = [];
  const sent = sizes.map((bytes) =>
    limited('turn', bytes, () => new Promise<void>((resolve) => void running.push(resolve))),
  );
  for (const _ of sizes) {
    await new Promise(setImmediate);
    counts.push(running.length);
    running.shift()?.();
  }
  await Promise.all(sent);
  return counts;
}

describe('messages to one turn', () => {
  it('are sent at most eight at once', async () => {
    expect(await underWay(Array.from({ length: 10 }, () => 1))).toEqual([8, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('are sent together up to a mebibyte, and larger ones alone', async () => {
    expect(await underWay([900_000, 900_000, 100_000, 40_000, 3_000_000])).toEqual([1, 3, 2, 1, 1]);
  });

  it('do not wait for those to another turn', async () => {
    const limited = createPerTurnLimit();
    void limited('first', 2_000_000, () => new Promise<void>(() => undefined));
    await expect(limited('second', 2_000_000, async () => 'sent')).resolves.toBe('sent');
  });
});
