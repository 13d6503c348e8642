import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ListApprovalsQuery, TurnFact } from '../../../src/contract/index.ts';
import type { TurnRecord } from '../../../src/store/store.ts';
import { addPending, aTurn, BY } from '../../support/builders.ts';
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
});
afterEach(async () => {
  await script[Symbol.asyncDispose]();
  await Promise.all(streams.splice(0));
});

function reading(after?: string): FakeClient {
  const client = createFakeClient();
  streams.push(script.streams.session(script.turn.sessionId, after, client.sink));
  return client;
}
const has = (client: FakeClient, count: number) =>
  poll(() => client.frames().length >= count, {
    what: `${count} frames`,
    everyMs: 1,
    timeoutMs: 3_000,
    explain: () => JSON.stringify(client.frames()),
  });
const ids = (client: FakeClient) => client.frames().map(({ id }) => id);

/** Ends a turn that is not the scripted one, with one event. */
async function cancel({ id, sessionId }: TurnRecord): Promise<void> {
  const at = new Date().toISOString();
  await script.store.turns.cancelQueued(id, { seq: 1, type: 'turn.cancelled', at, turnId: id }, at);
  script.feed.publish({ topic: 'session', sessionId });
}

describe('the stream of a session', () => {
  it('begins with its turns and the state of the one at work', async () => {
    script.tell({ type: 'step.started', step: 1 });
    await script.admit();
    const client = reading();
    await has(client, 1);
    expect(client.frames()[0]).toMatchObject({
      id: '1.1',
      event: 'snapshot',
      data: {
        sessionId: script.turn.sessionId,
        agent: 'helper',
        turns: [
          { ordinal: 1, state: 'running' },
          { ordinal: 2, state: 'queued' },
        ],
        turn: { turnId: script.turn.id, seq: 1 },
        cursor: '1.1',
      },
    });
  });

  it('holds a later turn’s events back until the earlier turns have ended', async () => {
    const client = reading('1.0');
    const [second, third] = [await script.admit(), await script.admit()];
    await cancel(third);
    await cancel(second);
    script.tell({ type: 'step.started', step: 1 });
    await has(client, 1);
    expect(ids(client)).toEqual(['1.1']);
    script.tellEnd();
    await script.endRow();
    await has(client, 4);
    expect(ids(client)).toEqual(['1.1', '1.2', '2.1', '3.1']);
    expect(client.outcome()).toBeUndefined();
  });

  it('goes on with turns that come later', async () => {
    script.tellEnd();
    await script.endRow();
    const client = reading('1.0');
    await has(client, 1);
    const next = await script.admit();
    script.feed.publish({ topic: 'session', sessionId: next.sessionId });
    await script.store.turns.end({
      turnId: next.id,
      status: 'failed',
      usage: { inputTokens: 0, outputTokens: 0 },
      endedAt: new Date().toISOString(),
      events: [
        {
          seq: 1,
          type: 'turn.failed',
          at: new Date().toISOString(),
          turnId: next.id,
          error: { code: 'x', message: 'y' },
          usage: { inputTokens: 0, outputTokens: 0 },
        },
      ],
    });
    script.feed.publish({ topic: 'session', sessionId: next.sessionId });
    await has(client, 2);
    expect(ids(client)).toEqual(['1.1', '2.1']);
  });

  it('ends when the session is deleted', async () => {
    script.tellEnd();
    await script.endRow();
    const { sessionId } = script.turn;
    const client = reading('1.0');
    await has(client, 1);
    await script.store.deletion.markSession(sessionId, {}, new Date().toISOString());
    script.feed.publish({ topic: 'session', sessionId });
    await streams.at(-1);
    expect(ids(client)).toEqual(['1.1']);
  });

  it('is resumed in the middle, and across turns', async () => {
    script.tell({ type: 'step.started', step: 1 });
    const second = await script.admit();
    await cancel(second);
    script.tellEnd();
    await script.endRow();
    const middle = reading('1.1');
    await has(middle, 2);
    expect(ids(middle)).toEqual(['1.2', '2.1']);
    const across = reading('2.0');
    await has(across, 1);
    expect(ids(across)).toEqual(['2.1']);
  });
});

describe('the stream of the inbox', () => {
  const facts = (): TurnFact[] => {
    const turn = aTurn();
    addPending(turn);
    return turn.log
      .unacknowledged()
      .map(({ seq: _seq, at: _at, turnId: _turnId, ...fact }) => fact as TurnFact);
  };

  it('is its state, then what comes in and what leaves', async () => {
    const client = createFakeClient();
    const query: ListApprovalsQuery = { status: 'pending', limit: 50 };
    streams.push(script.streams.approvals(query, client.sink));
    await has(client, 1);
    expect(client.frames()[0]).toMatchObject({ event: 'snapshot', data: { items: [] } });

    const record = async (...more: TurnFact[]) => {
      script.tell(...more);
      await script.store.events.append(script.turn.id, script.workflow.log.unacknowledged());
      script.feed.publish({ topic: 'approvals' });
    };
    await record(...facts());
    await has(client, 2);
    const inputDigest = client.frames()[1]?.data.inputDigest;
    const decision = { action: 'deny' as const, by: BY, via: 'update', inputDigest };
    await record({ type: 'approval.resolved', callId: 'call_1', ...decision });
    await has(client, 3);
    expect(client.frames().slice(1)).toMatchObject([
      { event: 'approval.requested', data: { callId: 'call_1', status: 'pending' } },
      { event: 'approval.resolved', data: { callId: 'call_1', status: 'denied', by: BY } },
    ]);
    client.leave();
  });
});
