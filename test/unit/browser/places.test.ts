import { describe, expect, it } from '@jest/globals';
import { createPlaces } from '../../../src/browser/flow/places.ts';

const patient = () => new AbortController().signal;

function somePlaces(count: number, patienceMs = 60_000) {
  let lined = 0;
  const places = createPlaces({
    count,
    patienceMs,
    onLine: () => {
      lined += 1;
    },
  });
  return { places, lined: () => lined };
}

describe('places', () => {
  it('are taken at once while there are some', async () => {
    const { places, lined } = somePlaces(2);
    const leave = await places.take('open', patient());
    await places.take('open', patient());
    expect(places.taken()).toBe(2);
    leave();
    leave();
    expect(places.taken()).toBe(1);
    expect(lined()).toBe(0);
  });

  it('are given in the order in which they were asked for', async () => {
    const { places, lined } = somePlaces(1);
    const order: string[] = [];
    const leave = await places.take('open', patient());
    const taking = ['first', 'second', 'third'].map(async (name) => {
      const left = await places.take('open', patient());
      order.push(name);
      expect(places.taken()).toBe(1);
      left();
    });
    expect([places.inLine(), lined()]).toEqual([3, 3]);
    leave();
    await Promise.all(taking);
    expect(order).toEqual(['first', 'second', 'third']);
    expect([places.taken(), places.inLine()]).toEqual([0, 0]);
  });

  it('are not given to who has left the line', async () => {
    const { places } = somePlaces(1);
    const leave = await places.take('open', patient());
    const abort = new AbortController();
    const given = places.take('resume', abort.signal);
    const next = places.take('open', patient());
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'capacity_reached', step: 'resume' });
    leave();
    await next;
    expect([places.taken(), places.inLine()]).toEqual([1, 0]);
  });

  it('are not waited for by who has no patience, or has stopped before', async () => {
    const { places, lined } = somePlaces(1, 20);
    await places.take('open', patient());
    await expect(places.take('check', patient())).rejects.toMatchObject({ code: 'capacity_reached' });
    expect(lined()).toBe(1);
    await expect(places.take('check', AbortSignal.abort())).rejects.toMatchObject({
      code: 'capacity_reached',
    });
    expect([lined(), places.inLine()]).toEqual([1, 0]);
  });
});
