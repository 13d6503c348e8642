import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Approval, Turn } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { namesOf } from '../support/names-of.ts';
import { expectWholeStory } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;
const write = (path: string) => call('write_file', { path, content: 'x' });

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({});
});

describe('a session', () => {
  it('runs its turns one at a time, in order, and shows those that wait as queued', async () => {
    const sessionId = unique('s');
    const first = await turns.start(agent, write('one'), { sessionId });
    const second = await turns.start(agent, '/say two', { sessionId });
    const third = await turns.start(agent, '/say three', { sessionId });
    const pending = await turns.pending(first.id, 'write_file');
    expect([first, second, third].map((turn) => turn.ordinal)).toEqual([1, 2, 3]);
    expect((await turns.get(second.id)).status).toBe('queued');
    expect((await turns.get(third.id)).status).toBe('queued');
    expect(await turns.events(second.id)).toEqual([]);
    const queued = await turns.http.get<{ items: Turn[] }>(`/v1/turns?sessionId=${sessionId}&status=queued`);
    expect(queued.body.items.map((turn) => turn.id).toSorted()).toEqual([second.id, third.id].toSorted());

    await turns.decide(first.id, pending.callId, { action: 'allow' });

    const ended = [await turns.end(first.id), await turns.end(second.id), await turns.end(third.id)];
    for (const [index, { events }] of ended.entries()) {
      const before = ended[index - 1];
      if (before) expect(String(events[0]?.at) >= String(before.events.at(-1)?.at)).toBe(true);
    }
    const session = await turns.http.get<{ turns: Turn[]; agent: string; turnCount: number }>(
      `/v1/sessions/${sessionId}`,
    );
    expect(session.body.turns.map((turn) => turn.id)).toEqual([first.id, second.id, third.id]);
    expect(session.body).toMatchObject({ agent, turnCount: 3 });
  });

  it('numbers twenty turns that arrive at once, and overlaps none', async () => {
    const sessionId = unique('s');
    const started = await Promise.all(
      Array.from({ length: 20 }, (_, n) => turns.start(agent, `/say ${n}`, { sessionId })),
    );
    expect(started.map((turn) => turn.ordinal).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
    const ended = await Promise.all(started.map((turn) => turns.end(turn.id, 60_000)));
    const inOrder = ended.toSorted((a, b) => a.turn.ordinal - b.turn.ordinal);
    for (const [index, { turn }] of inOrder.entries()) {
      expect(turn.status).toBe('completed');
      const before = inOrder[index - 1]?.turn;
      if (before) expect(String(turn.startedAt) >= String(before.endedAt)).toBe(true);
    }
  });

  it('does not wait for another session', async () => {
    const blocked = await turns.start(agent, write('blocked'), { sessionId: unique('s') });
    await turns.pending(blocked.id, 'write_file');
    const free = await turns.start(agent, '/say free', { sessionId: unique('s') });
    expect((await turns.end(free.id, 10_000)).turn.output).toBe('free');
    await turns.http.post(`/v1/turns/${blocked.id}/cancel`, {});
  });

  it('is bound to its first agent', async () => {
    const sessionId = unique('s');
    await turns.start(agent, '/say mine', { sessionId });
    const other = await turns.agent({});
    const answer = await turns.http.post('/v1/turns', { agent: other, input: 'hi', sessionId });
    expect(answer.status).toBe(409);
    expect(problemOf(answer).code).toBe('session_agent_mismatch');
  });

  it('a queued turn that is cancelled has one event, and its neighbours run', async () => {
    const sessionId = unique('s');
    const first = await turns.start(agent, write('first'), { sessionId });
    const second = await turns.start(agent, '/say never', { sessionId });
    const third = await turns.start(agent, '/say third', { sessionId });
    const pending = await turns.pending(first.id, 'write_file');
    const reader = turns.follow(second);
    expect((await turns.http.post(`/v1/turns/${second.id}/cancel`, { reason: 'no need' })).status).toBe(202);
    const ended = await turns.end(second.id, 5_000);
    expect(ended.events).toMatchObject([{ seq: 1, type: 'turn.cancelled', reason: 'no need' }]);
    await reader.done;
    expectWholeStory(reader.frames, ended.events, 2);
    await turns.decide(first.id, pending.callId, { action: 'deny' });
    expect((await turns.end(third.id)).turn.output).toBe('third');
    expect((await turns.get(second.id)).status).toBe('cancelled');
  });

  it('50 posts at once are let through', async () => {
    const started = await Promise.all(
      Array.from({ length: 50 }, () => turns.http.post<Turn>('/v1/turns', { agent, input: 'hi' })),
    );
    expect(new Set(started.map((answer) => answer.status))).toEqual(new Set([202]));
    await Promise.all(started.map(({ body }) => turns.end(body.id, 60_000)));
  }, 90_000);
});

describe('an idempotency key', () => {
  const post = (body: unknown, key: string, http = turns.http) =>
    http.post<Turn>('/v1/turns', body, { 'idempotency-key': key });

  it('gives the same turn for the same meaning, and says that it was a repeat', async () => {
    const key = unique('key');
    const body = { agent, input: 'once', metadata: { a: '1', b: '2' } };
    const first = await post(body, key);
    await turns.end(first.body.id);
    const again = await post({ metadata: { b: '2', a: '1' }, input: 'once', agent }, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body.id).toBe(first.body.id);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('is 422 with another body', async () => {
    const key = unique('key');
    await post({ agent, input: 'one' }, key);
    const other = await post({ agent, input: 'two' }, key);
    expect(other.status).toBe(422);
    expect(problemOf(other).code).toBe('idempotency_key_reused');
  });

  it('makes one turn out of twenty posts at once', async () => {
    const key = unique('key');
    const sessionId = unique('s');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post({ agent, input: 'race', sessionId }, key)),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const list = await turns.http.get<{ items: Turn[] }>(`/v1/turns?sessionId=${sessionId}`);
    expect(list.body.items).toHaveLength(1);
  });

  it("is a token's own", async () => {
    const key = unique('key');
    const made = await turns.http.post<{ token: string }>('/v1/tokens', {
      name: 'b',
      scopes: ['turns:write'],
    });
    const mine = await post({ agent, input: 'x' }, key);
    const theirs = await post({ agent, input: 'x' }, key, turns.http.as(made.body.token));
    expect(theirs.status).toBe(202);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });
});

describe('a turn that is ended by hand in Temporal', () => {
  it.each(['terminate', 'cancel'] as const)(
    '%s: its row, its approvals and its readers end within seconds, and its session goes on',
    async (how) => {
      const sessionId = unique('s');
      const first = await turns.start(agent, write('by-hand'), { sessionId });
      const pending = await turns.pending(first.id, 'write_file');
      const next = await turns.start(agent, '/say next', { sessionId });
      const reader = turns.follow(first);
      const connection = await Connection.connect({ address: system().engineAddress });
      try {
        const handle = new Client({ connection }).workflow.getHandle(
          (await namesOf(system())).turnWorkflowId(first.id),
        );
        await (how === 'terminate' ? handle.terminate('by hand') : handle.cancel());
      } finally {
        await connection.close();
      }
      const ended = await turns.end(first.id, 20_000);
      expect(ended.turn.status).toBe(how === 'terminate' ? 'failed' : 'cancelled');
      if (how === 'terminate') expect(ended.turn.error?.code).toMatch(/terminated/);
      await reader.done;
      expectWholeStory(reader.frames, ended.events, 1);
      const inbox = await turns.http.get<{ items: Approval[] }>(`/v1/approvals?sessionId=${sessionId}`);
      expect(inbox.body.items).toEqual([]);
      expect((await turns.decide(first.id, pending.callId, { action: 'allow' })).status).toBe(409);
      expect((await turns.end(next.id, 20_000)).turn.output).toBe('next');
    },
  );
});
