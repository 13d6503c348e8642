import { describe, expect, it } from '@jest/globals';
import { createWakeUp, type WakeUpOptions } from '../../../src/api/stream/wake-up.ts';
import { poll } from '../../support/poll.ts';
import { createGate } from '../../support/scripted-model.ts';

const QUIET: WakeUpOptions = { retryMs: 1, again: () => false, againMs: 1, failed: () => {} };

describe('a wake-up', () => {
  it('looks at once, and once more however many hints came meanwhile', async () => {
    const gates = [createGate(), createGate()];
    let looks = 0;
    await using wakeUp = createWakeUp(async () => {
      looks += 1;
      await gates[looks - 1]?.passed();
    }, QUIET);
    await gates[0]?.reached;
    for (let hint = 0; hint < 100; hint += 1) wakeUp.hint();
    expect(looks).toBe(1);
    gates[0]?.open();
    await gates[1]?.reached;
    gates[1]?.open();
    await wakeUp.first;
    expect(looks).toBe(2);
  });

  it('never looks twice at once', async () => {
    let [atOnce, most, looks] = [0, 0, 0];
    await using wakeUp = createWakeUp(async () => {
      looks += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      if (looks < 50) wakeUp.hint();
      await Promise.resolve();
      atOnce -= 1;
    }, QUIET);
    await poll(() => looks === 50, { what: 'many looks', everyMs: 1 });
    expect(most).toBe(1);
  });

  it('tries again after a look that failed, and is ready only after one that did not', async () => {
    const failures: unknown[] = [];
    let looks = 0;
    await using wakeUp = createWakeUp(
      async () => {
        looks += 1;
        if (looks < 3) throw new Error(`away ${looks}`);
      },
      { ...QUIET, failed: (error) => failures.push(error) },
    );
    await wakeUp.first;
    expect(looks).toBe(3);
    expect(failures).toHaveLength(2);
  });

  it('looks without a hint where that is needed', async () => {
    let looks = 0;
    await using _wakeUp = createWakeUp(
      async () => {
        looks += 1;
      },
      { ...QUIET, again: () => looks < 4 },
    );
    await poll(() => looks === 4, { what: 'four looks' });
  });

  it('ends after the look in progress, and looks no more', async () => {
    const gate = createGate();
    let looks = 0;
    const wakeUp = createWakeUp(async () => {
      looks += 1;
      await gate.passed();
    }, QUIET);
    await gate.reached;
    wakeUp.hint();
    const ended = wakeUp[Symbol.asyncDispose]();
    gate.open();
    await ended;
    wakeUp.hint();
    expect(looks).toBe(1);
  });
});
