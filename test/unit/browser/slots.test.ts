import { describe, expect, it } from '@jest/globals';
import { createSlots } from '../../../src/browser/context/slots.ts';

const neverAborted = () => new AbortController().signal;

function someSlots(count: number, maxWaitMs = 60_000) {
  let waits = 0;
  const slots = createSlots({
    count,
    maxWaitMs,
    onWait: () => {
      waits += 1;
    },
  });
  return { slots, waits: () => waits };
}

describe('slots', () => {
  it('are taken at once while there are some', async () => {
    const { slots, waits } = someSlots(2);
    const release = await slots.acquire('open', neverAborted());
    await slots.acquire('open', neverAborted());
    expect(slots.taken()).toBe(2);
    release();
    release();
    expect(slots.taken()).toBe(1);
    expect(waits()).toBe(0);
  });

  it('are given in the order in which they were asked for', async () => {
    const { slots, waits } = someSlots(1);
    const order: string[] = [];
    const release = await slots.acquire('open', neverAborted());
    const taking = ['first', 'second', 'third'].map(async (name) => {
      const freed = await slots.acquire('open', neverAborted());
      order.push(name);
      expect(slots.taken()).toBe(1);
      freed();
    });
    expect([slots.waiting(), waits()]).toEqual([3, 3]);
    release();
    await Promise.all(taking);
    expect(order).toEqual(['first', 'second', 'third']);
    expect([slots.taken(), slots.waiting()]).toEqual([0, 0]);
  });

  it('are not given to who has freed the line', async () => {
    const { slots } = someSlots(1);
    const release = await slots.acquire('open', neverAborted());
    const abort = new AbortController();
    const given = slots.acquire('resume', abort.signal);
    const next = slots.acquire('open', neverAborted());
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'capacity_reached', step: 'resume' });
    release();
    await next;
    expect([slots.taken(), slots.waiting()]).toEqual([1, 0]);
  });

  it('are not waited for by who has no patience, or has stopped before', async () => {
    const { slots, waits } = someSlots(1, 20);
    await slots.acquire('open', neverAborted());
    await expect(slots.acquire('check', neverAborted())).rejects.toMatchObject({ code: 'capacity_reached' });
    expect(waits()).toBe(1);
    await expect(slots.acquire('check', AbortSignal.abort())).rejects.toMatchObject({
      code: 'capacity_reached',
    });
    expect([waits(), slots.waiting()]).toEqual([1, 0]);
  });
});
