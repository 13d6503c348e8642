import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTurnLog, LOG_START } from '../../../src/core/turn/turn-log.ts';
import { addPending, aTurn, NOW } from '../../support/builders.ts';
import { poll } from '../../support/poll.ts';
import { createGate } from '../../support/scripted-model.ts';
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
});
afterEach(async () => {
  await script[Symbol.asyncDispose]();
  await Promise.all(streams.splice(0));
});

/** Follows the turn from a cursor. */
async function reading(after?: string): Promise<FakeClient> {
  const client = createFakeClient();
  streams.push(script.streams.turn(await script.record(), after, client.sink));
  return client;
}

const has = (client: FakeClient, count: number) =>
  poll(() => client.frames().length >= count, {
    what: `the client has ${count} frames`,
    everyMs: 1,
    timeoutMs: 3_000,
    explain: () => JSON.stringify(client.frames()),
  });
const over = (client: FakeClient) => poll(() => client.outcome(), { what: 'the stream is over', everyMs: 1 });
const ids = (client: FakeClient) => client.frames().map(({ id }) => id);
const step = (n: number) => ({ type: 'step.started' as const, step: n });
const text = (n: number, said = `text ${n}`) => ({ type: 'text.completed' as const, step: n, text: said });

describe('a new reader', () => {
  it('gets the state with its cursor, and then what follows', async () => {
    script.tell(step(1), text(1));
    const client = await reading();
    await has(client, 1);
    expect(client.frames()[0]).toMatchObject({
      id: '1.2',
      event: 'snapshot',
      data: { status: 'running', seq: 2, cursor: '1.2', step: 1, text: 'text 1', usage: { inputTokens: 1 } },
    });
    script.tell(step(2));
    await has(client, 2);
    expect(client.frames()[1]).toMatchObject({ id: '1.3', event: 'step.started', data: { seq: 3, step: 2 } });
  });

  it('of an ended turn gets the state just before the end, the end, and no more', async () => {
    script.tell(step(1), text(1));
    script.tellEnd();
    await script.endRow();
    const client = await reading();
    expect(await over(client)).toBe('end');
    expect(client.frames()).toMatchObject([
      { id: '1.2', event: 'snapshot', data: { status: 'running', seq: 2 } },
      { id: '1.3', event: 'turn.completed', data: { output: 'done' } },
    ]);
    expect(script.queries).toEqual([]);
  });

  it('of a queued turn is told so, and follows once it begins', async () => {
    const queued = await script.admit();
    const client = createFakeClient();
    streams.push(script.streams.turn(queued, undefined, client.sink));
    await has(client, 1);
    expect(client.frames()[0]).toMatchObject({ id: '2.0', data: { status: 'queued', seq: 0 } });
    client.leave();
  });
});

describe('a reader with a cursor', () => {
  it.each([0, 1, 2, 3])('at 1.%s gets exactly the rest, without a snapshot', async (seq) => {
    script.tell(step(1), text(1), step(2));
    const client = await reading(`1.${seq}`);
    script.tell(text(2));
    await has(client, 4 - seq);
    script.tellEnd();
    await script.endRow();
    await over(client);
    expect(ids(client)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5'].slice(seq));
  });

  it('behind the end gets 204', async () => {
    script.tell(step(1));
    script.tellEnd();
    await script.endRow();
    const client = await reading('1.2');
    expect(await over(client)).toBe('none');
    expect(client.frames()).toEqual([]);
  });

  it.each(['7.1', '1.99', '1.1.9'])(
    'at %s, which is none of this turn, gets a reset and everything',
    async (after) => {
      script.tell(step(1));
      const client = await reading(after);
      await has(client, 2);
      expect(client.events()).toEqual(['reset', 'step.started']);
      client.leave();
    },
  );

  it('that this process has not seen yet waits for a look, and gets no reset', async () => {
    script.tell(step(1));
    const first = await reading();
    await has(first, 1);
    // Told without a hint: another process has heard of it first.
    script.workflow.log.append(text(1));
    const client = await reading('1.2');
    script.workflow.log.append(step(2));
    script.tell(text(2));
    await has(client, 2);
    expect(client.events()).toEqual(['step.started', 'text.completed']);
    expect(first.events()).toEqual(['snapshot', 'text.completed', 'step.started', 'text.completed']);
  });
});

describe('the end', () => {
  it('is held back until the row has ended, however often the workflow tells it', async () => {
    script.tell(step(1));
    const client = await reading('1.0');
    await has(client, 1);
    script.tell(text(1));
    script.tellEnd();
    await has(client, 2);
    for (let hint = 0; hint < 5; hint += 1) {
      const asked = script.queries.length;
      script.tell();
      await poll(() => script.queries.length > asked, { what: 'another look', everyMs: 1 });
    }
    expect(client.events()).toEqual(['step.started', 'text.completed']);
    expect(client.outcome()).toBeUndefined();
    await script.endRow();
    expect(await over(client)).toBe('end');
    expect(client.events()).toEqual(['step.started', 'text.completed', 'turn.completed']);
  });

  it('is there once, for many readers', async () => {
    script.tell(step(1));
    const clients = await Promise.all([reading('1.0'), reading(), reading('1.1')]);
    script.tellEnd();
    await script.endRow();
    for (const client of clients) {
      await over(client);
      expect(client.events().filter((event) => event === 'turn.completed')).toHaveLength(1);
    }
  });
});

describe('what was never committed', () => {
  /** The workflow as it is after a task was lost: the same beginning, and then another story. */
  const rewritten = (keep: number) => {
    const { events } = script.workflow.log.since(LOG_START);
    const log = createTurnLog(script.turn.id, () => events[log?.state().seq ?? 0]?.at ?? NOW);
    for (const { seq: _seq, at: _at, turnId: _turnId, ...fact } of events.slice(0, keep))
      log.append(fact as never);
    return log;
  };

  it('is streamed again from the first event, after a reset', async () => {
    script.tell(step(1), text(1));
    const client = await reading('1.0');
    await has(client, 2);
    script.workflow.log = rewritten(1);
    script.tell(text(1, 'another text'), step(2));
    await has(client, 6);
    expect(client.events()).toEqual([
      'step.started',
      'text.completed',
      'reset',
      'step.started',
      'text.completed',
      'step.started',
    ]);
    expect(client.frames()[4]?.data.text).toBe('another text');
  });

  it('or was superseded by a reset of the workflow, is replaced after one reset', async () => {
    const { store, feed, turn } = script;
    const events = () => script.workflow.log.since(LOG_START).events;
    const stored = () => feed.publish({ topic: 'turn', turnId: turn.id, change: 'stored' });
    script.workflow.log.append(step(1));
    script.workflow.log.append(text(1));
    const [, superseded] = events();
    await store.events.append(turn.id, events());
    const client = await reading('1.0');
    await has(client, 2);
    const log = rewritten(1);
    log.append(text(1, 'another text'));
    log.append(step(2));
    script.workflow.log = log;
    if (superseded) await store.events.supersede(turn.id, superseded, NOW);
    await store.events.append(turn.id, events());
    stored();
    await has(client, 6);
    log.append(text(2));
    await store.events.append(turn.id, events());
    stored();
    await has(client, 7);
    script.workflow.log.append({ type: 'turn.cancelled' });
    await script.endRow('cancelled');
    await over(client);
    expect(client.events()).toEqual([
      'step.started',
      'text.completed',
      'reset',
      'step.started',
      'text.completed',
      'step.started',
      'text.completed',
      'turn.cancelled',
    ]);
    expect(client.frames()[4]?.data.text).toBe('another text');
  });

  it('is found out at the end at the latest', async () => {
    script.tell(step(1), text(1));
    const client = await reading('1.0');
    await has(client, 2);
    script.workflow.log = rewritten(1);
    script.workflow.log.append(text(1, 'another text'));
    script.workflow.log.append({ type: 'turn.cancelled' });
    await script.endRow('cancelled');
    await over(client);
    expect(client.events().slice(2)).toEqual(['reset', 'step.started', 'text.completed', 'turn.cancelled']);
  });
});

describe('one watcher', () => {
  it('asks once for many hints and many readers', async () => {
    script.tell(step(1));
    const clients = await Promise.all(Array.from({ length: 20 }, () => reading('1.0')));
    await Promise.all(clients.map((client) => has(client, 1)));
    const gate = createGate();
    script.beforeAnswer.run = () => gate.passed();
    const before = script.queries.length;
    script.tell(text(1));
    await gate.reached;
    for (let hint = 0; hint < 50; hint += 1) script.tell();
    gate.open();
    await Promise.all(clients.map((client) => has(client, 2)));
    await poll(() => script.queries.length === before + 2, { what: 'one look more', everyMs: 1 });
  });

  it('shows what is stored although a query fails, and asks again', async () => {
    let failures = 0;
    script.beforeAnswer.run = () => {
      failures += 1;
      if (failures <= 1) throw new Error('no worker');
    };
    script.tell(step(1));
    const client = await reading();
    await has(client, 2);
    expect(client.frames().map(({ data }) => data.seq)).toEqual([0, 1]);
  });

  it('takes from the archive what a turn that was continued has left there', async () => {
    script.tell(step(1), text(1));
    await script.store.events.append(script.turn.id, script.workflow.log.unacknowledged());
    script.workflow.log = createTurnLog(script.turn.id, () => NOW, script.workflow.log.carry());
    script.tell(step(2));
    const client = await reading('1.0');
    await has(client, 3);
    script.tell(text(2));
    await has(client, 4);
    expect(ids(client)).toEqual(['1.1', '1.2', '1.3', '1.4']);
  });

  it('shows what is pending in its snapshot', async () => {
    const turn = aTurn();
    addPending(turn);
    for (const { seq: _seq, at: _at, turnId: _turnId, ...fact } of turn.log.unacknowledged())
      script.tell(fact as never);
    const client = await reading();
    await has(client, 1);
    expect(client.frames()[0]?.data).toMatchObject({ status: 'waiting', pending: [{ callId: 'call_1' }] });
  });
});
