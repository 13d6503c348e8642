import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TurnEvent } from '../../src/contract/index.ts';
import { openSse, outline, parseId } from '../support/sse-reader.ts';
import { expectIdsRise, expectWholeStory, joinedDeltas, numbered } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

const TEXT = 'Zwölf Boxkämpfer 🥊 jagen Viktor quer über den großen Sylter Deich. '.repeat(8).trim();
const lively = ['/stream 15 60', call('list_files', {}), '/next', '/stream 15 60', `/say ${TEXT}`];

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({ policy: { rules: [{ tool: 'list_files', gate: 'allow' }] } });
});

const json = async (id: string, query = '') =>
  turns.http.get<{ events: TurnEvent[]; cursor: string }>(`/v1/turns/${id}/events${query}`, {
    accept: 'application/json',
  });

describe("a turn's stream", () => {
  it('begins with a snapshot whose id is its cursor, then follows without a gap', async () => {
    const turn = await turns.start(agent, ['/sleep 500', ...lively.slice(1)]);
    await turns.untilEvent(turn.id, 'step.started');
    const reader = await turns.stream(turn.id);
    expect(reader.status).toBe(200);
    expect(reader.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(reader.headers['cache-control']).toMatch(/no-cache|no-store/);
    await reader.until('the end', (frame) => frame.event === 'turn.completed');
    expect(await reader.ended).toBe('end');

    const [first] = reader.frames;
    expect(first?.event).toBe('snapshot');
    if (first?.json.type !== 'snapshot') throw new Error(`no snapshot: ${outline(reader.frames)}`);
    expect(first.json).toMatchObject({
      turnId: turn.id,
      sessionId: turn.sessionId,
      ordinal: 1,
      agent,
      cursor: first.id,
    });
    expect(first.id).toBe(`1.${first.json.seq}`);
    const seqs = numbered(reader.frames).map((frame) => frame.json.seq);
    const from = first.json.seq + 1;
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => from + index));
    expect(reader.frames.filter((frame) => frame.event === 'snapshot')).toHaveLength(1);
  });

  it('has one data line a frame, named after its type, with turn, time and number', async () => {
    const turn = await turns.start(agent, `/say two\\nlines`);
    const reader = await turns.stream(turn.id, { lastEventId: '1.0' });
    await reader.ended;
    for (const frame of reader.frames) {
      expect(frame.data).not.toContain('\n');
      expect(frame.event).toBe(frame.json.type);
      expect(frame.json).toMatchObject({ turnId: turn.id, at: expect.stringMatching(/^\d{4}-.*Z$/) });
    }
  });

  it('`<ordinal>.0` replays everything without a snapshot, by header or by query', async () => {
    const turn = await turns.start(agent, lively);
    const live = turns.follow(turn);
    await live.done;
    const ended = await turns.end(turn.id);
    expectWholeStory(live.frames, ended.events, 1);
    for (const how of ['header', 'query'] as const) {
      const path = `/v1/turns/${turn.id}/events${how === 'query' ? '?after=1.0' : ''}`;
      const reader = await openSse(new URL(path, turns.http.baseUrl), {
        token: turns.http.token,
        lastEventId: how === 'header' ? '1.0' : undefined,
      });
      await reader.ended;
      expectWholeStory(reader.frames, ended.events, 1);
      expect(reader.frames.some((frame) => frame.event === 'snapshot')).toBe(false);
      // Closed or live: the same bytes.
      expect(numbered(reader.frames).map((frame) => frame.data)).toEqual(
        numbered(live.frames).map((frame) => frame.data),
      );
    }
  });

  it('Last-Event-ID wins over ?after=', async () => {
    const turn = await turns.start(agent, lively);
    const { events } = await turns.end(turn.id);
    const reader = await openSse(new URL(`/v1/turns/${turn.id}/events?after=1.0`, turns.http.baseUrl), {
      token: turns.http.token,
      lastEventId: '1.3',
    });
    await reader.ended;
    expect(numbered(reader.frames).map((frame) => frame.json)).toEqual(events.slice(3));
  });

  it('resumes mid-turn after every possible event', async () => {
    const turn = await turns.start(agent, lively);
    const live = turns.follow(turn);
    await live.done;
    const { events } = await turns.end(turn.id);
    for (let seq = 0; seq < events.length; seq += 1) {
      const reader = await turns.stream(turn.id, { lastEventId: `1.${seq}` });
      await reader.ended;
      expect(numbered(reader.frames).map((frame) => frame.json.seq)).toEqual(
        events.slice(seq).map((event) => event.seq),
      );
    }
  });

  it('resumes mid-delta: no piece is missing and none comes twice', async () => {
    const turn = await turns.start(agent, ['/stream 40 60', `/say ${TEXT}`]);
    const first = await turns.stream(turn.id, { lastEventId: '1.0' });
    await first.until('a few deltas', () => first.frames.filter((f) => f.event === 'text.delta').length >= 4);
    first.close();
    const taken = [...first.frames];
    const second = await turns.stream(turn.id, { lastEventId: first.lastId() });
    await second.ended;
    const all = [...taken, ...second.frames];
    expect(second.frames.some((frame) => frame.event === 'snapshot')).toBe(false);
    expectIdsRise(all);
    expect(joinedDeltas(all, 1)).toBe(TEXT);
    expectWholeStory(all, (await turns.end(turn.id)).events, 1);
  });

  it('deltas, joined, equal the completed text, and are numbered behind the last event', async () => {
    const turn = await turns.start(agent, lively);
    const reader = turns.follow(turn);
    await reader.done;
    const ended = await turns.end(turn.id);
    for (const { step, text } of ended.of('text.completed'))
      expect(joinedDeltas(reader.frames, step)).toBe(text);
    expect(ended.of('text.completed').at(-1)?.text).toBe(TEXT);
    let lastSeq = 0;
    let deltas = 0;
    for (const frame of reader.frames) {
      const { seq, n } = parseId(frame.id);
      if (n === undefined) lastSeq = seq;
      else expect(seq).toBe(lastSeq);
      if (frame.event === 'text.delta') deltas += 1;
    }
    expect(deltas).toBeGreaterThan(4);
    expectIdsRise(reader.frames);
  });

  it('a failed attempt of the model shows as attempt.restarted, and the text is whole', async () => {
    const turn = await turns.start(agent, ['/fail 1 500', '/stream 10 50', `/say ${TEXT}`]);
    const reader = turns.follow(turn);
    await reader.done;
    const restarted = reader.frames.filter((frame) => frame.event === 'attempt.restarted');
    expect(restarted.map((frame) => frame.json)).toMatchObject([{ step: 1, attempt: 2 }]);
    const delayed = reader.frames.filter((frame) => frame.event === 'model.delayed');
    expect(delayed.map((frame) => frame.json)).toMatchObject([{ attempt: 1, reason: 'model_unavailable' }]);
    expect(joinedDeltas(reader.frames, 1)).toBe(TEXT);
    expectWholeStory(reader.frames, (await turns.end(turn.id)).events, 1);
  });

  it('after the end: the snapshot just before it, the terminal event, the end', async () => {
    const turn = await turns.start(agent, '/say over');
    const { events } = await turns.end(turn.id);
    const reader = await turns.stream(turn.id);
    expect(await reader.ended).toBe('end');
    expect(reader.frames.map((frame) => frame.event)).toEqual(['snapshot', 'turn.completed']);
    expect(reader.frames[0]?.id).toBe(`1.${events.length - 1}`);
    expect(reader.frames[0]?.json).toMatchObject({ type: 'snapshot', seq: events.length - 1 });
    expect(reader.frames[1]?.json).toEqual(events.at(-1));
  });

  it('a reconnect after the terminal event gets 204', async () => {
    const turn = await turns.start(agent, '/say over');
    await turns.end(turn.id);
    const first = await turns.stream(turn.id, { lastEventId: '1.0' });
    await first.ended;
    const again = await turns.stream(turn.id, { lastEventId: first.lastId() });
    await again.ended;
    expect(again.status).toBe(204);
    expect(again.frames).toEqual([]);
  });

  it.each(['1.99999', '7.1', '1.2.999999'])(
    'an impossible cursor %s gives one reset and then everything',
    async (id) => {
      const turn = await turns.start(agent, [call('list_files', {}), '/next', '/sleep 800', '/say end']);
      await turns.untilEvent(turn.id, 'tool_call.completed');
      const reader = await turns.stream(turn.id, { lastEventId: id });
      if (reader.status === 200) {
        await reader.ended;
        const facts = numbered(reader.frames).map((frame) => frame.json);
        const { events } = await turns.end(turn.id);
        expect(reader.frames.filter((frame) => frame.event === 'reset').length).toBeLessThanOrEqual(1);
        if (reader.frames[0]?.event === 'reset') expect(facts).toEqual(events);
        else expect(facts).toEqual(events.slice(events.length - facts.length));
        expect(facts.at(-1)?.type).toBe('turn.completed');
      } else {
        expect([400, 422]).toContain(reader.status);
      }
    },
  );

  it.each(['x', '1', '1.', '-1.0', '1.1.1.1', '1e3.0', '🦊'])(
    'a malformed cursor %j is refused by name',
    async (id) => {
      const turn = await turns.start(agent, 'hi');
      const answer = await json(turn.id, `?after=${encodeURIComponent(id)}`);
      expect([400, 422]).toContain(answer.status);
      expect(JSON.stringify(answer.body)).toMatch(/cursor|after/);
    },
  );

  it('the JSON form holds the same objects, and its cursor goes on', async () => {
    const turn = await turns.start(agent, lively);
    const reader = turns.follow(turn);
    await turns.untilEvent(turn.id, 'tool_call.completed');
    const first = await json(turn.id, '?after=1.0');
    await reader.done;
    await turns.end(turn.id);
    const rest = await json(turn.id, `?after=${first.body.cursor}`);
    const whole = await json(turn.id);
    const frames = numbered(reader.frames).map((frame) => frame.data);
    expect([...first.body.events, ...rest.body.events].map((event) => JSON.stringify(event))).toEqual(frames);
    expect(whole.body.events.map((event) => JSON.stringify(event))).toEqual(frames);
    expect(whole.body.cursor).toBe(`1.${frames.length}`);
    expect((await json(turn.id, `?after=${whole.body.cursor}`)).body.events).toEqual([]);
  });

  it('split into single bytes, the frames are the same', async () => {
    const turn = await turns.start(agent, lively);
    const follower = turns.follow(turn, { splitBytes: 1 });
    await follower.done;
    expectWholeStory(follower.frames, (await turns.end(turn.id)).events, 1);
    expect(joinedDeltas(follower.frames, 2)).toBe(TEXT);
  });

  it('an unknown turn is 404, and no token is 401, before any stream begins', async () => {
    const unknown = await turns.stream('nobody');
    await unknown.ended;
    expect([unknown.status, unknown.headers['content-type']]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    const anonymous = await openSse(new URL('/v1/turns/nobody/events', turns.http.baseUrl), {
      token: 'wrong',
    });
    await anonymous.ended;
    expect(anonymous.status).toBe(401);
  });
});
