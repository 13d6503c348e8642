import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { poll } from '../../support/poll.ts';
import {
  createFakeClient,
  createScriptedTurn,
  type FakeClient,
  type ScriptedTurn,
} from '../../support/scripted-turn.ts';

let script: ScriptedTurn;
const streams: Promise<void>[] = [];
beforeEach(async () => {
  script = await createScriptedTurn();
  script.tell({ type: 'step.started', step: 1 });
});
afterEach(async () => {
  await script[Symbol.asyncDispose]();
  await Promise.all(streams.splice(0));
});

async function reading(after?: string): Promise<FakeClient> {
  const client = createFakeClient();
  streams.push(script.streams.turn(await script.record(), after, client.sink));
  return client;
}
const has = (client: FakeClient, count: number) =>
  poll(() => client.frames().length >= count, { what: `${count} frames`, everyMs: 1 });
const ids = (client: FakeClient) => client.frames().map(({ id }) => id);

describe('deltas', () => {
  it('joined equal the text that supersedes them, also those written just before it', async () => {
    const client = await reading('1.0');
    await script.stream(1, 1, 'Once ');
    await has(client, 2);
    await script.stream(1, 2, 'upon ');
    await script.store.deltas.append(script.turn.id, 1, [
      {
        n: 3,
        delta: { type: 'text.delta', at: '', turnId: script.turn.id, step: 1, attempt: 1, text: 'a time' },
      },
    ]);
    script.tell({ type: 'text.completed', step: 1, text: 'Once upon a time' });
    await has(client, 5);
    expect(ids(client)).toEqual(['1.1', '1.1.1', '1.1.2', '1.1.3', '1.2']);
    const [, ...frames] = client.frames();
    const joined = frames.filter(({ event }) => event === 'text.delta').map(({ data }) => data.text);
    expect(joined.join('')).toBe(frames.at(-1)?.data.text);
  });

  it('have no number of their own and no place among the events', async () => {
    const client = await reading('1.0');
    await script.stream(1, 1, 'x');
    await has(client, 2);
    expect(client.frames()[1]?.data).not.toHaveProperty('seq');
    expect((await script.streams.events(await script.record(), '1.0')).events.map(({ seq }) => seq)).toEqual([
      1,
    ]);
  });

  it('are resumed from the last one that was seen', async () => {
    const first = await reading('1.0');
    for (const n of [1, 2, 3]) await script.stream(1, n, String(n));
    await has(first, 4);
    const again = await reading('1.1.2');
    await has(again, 1);
    expect(ids(again)).toEqual(['1.1.3']);
    const late = await reading('1.1');
    await has(late, 3);
    expect(ids(late)).toEqual(['1.1.1', '1.1.2', '1.1.3']);
  });

  it('follow the snapshot of a new reader', async () => {
    await script.stream(1, 1, 'so far');
    const client = await reading();
    await has(client, 2);
    expect(client.frames().map(({ id, event }) => [id, event])).toEqual([
      ['1.1', 'snapshot'],
      ['1.1.1', 'text.delta'],
    ]);
  });

  it('that a reader missed are not sent once their text is complete', async () => {
    const first = await reading('1.0');
    await script.stream(1, 1, 'a');
    await has(first, 2);
    script.tell({ type: 'text.completed', step: 1, text: 'ab' });
    await has(first, 3);
    const again = await reading('1.1.1');
    await has(again, 1);
    expect(ids(again)).toEqual(['1.2']);
  });

  it('of a failed attempt are void after attempt.restarted', async () => {
    const client = await reading('1.0');
    await script.stream(1, 1, 'wro');
    const { id: turnId } = script.turn;
    await script.store.deltas.append(turnId, 1, [
      { n: 2, delta: { type: 'attempt.restarted', at: '', turnId, step: 1, attempt: 2 } },
    ]);
    await script.stream(1, 3, 'right');
    script.tell({ type: 'text.completed', step: 1, text: 'right' });
    await has(client, 5);
    expect(client.frames().map(({ id, event }) => [id, event])).toEqual([
      ['1.1', 'step.started'],
      ['1.1.1', 'text.delta'],
      ['1.1.2', 'attempt.restarted'],
      ['1.1.3', 'text.delta'],
      ['1.2', 'text.completed'],
    ]);
  });
});
