import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/contract/index.ts';
import { poll } from '../support/poll.ts';
import { type Frame, openSse, parseId, type SseReader } from '../support/sse-reader.ts';
import { expectIdsRise, expectSoundEvents, numbered } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({ policy: { rules: [{ tool: 'list_files', gate: 'allow' }] } });
});

const openSession = (sessionId: string, lastEventId?: string): Promise<SseReader> =>
  openSse(new URL(`/v1/sessions/${sessionId}/events`, turns.http.baseUrl), {
    token: turns.http.token,
    lastEventId,
  });

/** Streams that the API holds open, as its metrics tell. */
async function openReaders(): Promise<number> {
  const { text } = await turns.http.get('/metrics');
  return Number(/^longturn_sse_readers (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** Numbered events by turn, in order of arrival. */
function byOrdinal(frames: readonly Frame[]): Map<number, Frame[]> {
  const found = new Map<number, Frame[]>();
  for (const frame of numbered(frames)) {
    const { ordinal } = parseId(frame.id);
    found.set(ordinal, [...(found.get(ordinal) ?? []), frame]);
  }
  return found;
}

const ends = (reader: SseReader) =>
  numbered(reader.frames).filter((f) => /^turn\.(com|fai|can)/.test(f.json.type));

describe("a session's stream", () => {
  it('shows its turns in order and goes on when another is posted', async () => {
    const sessionId = unique('s');
    const first = await turns.start(agent, ['/stream 5 50', '/say one'], { sessionId });
    const reader = await openSession(sessionId, '1.0');
    expect(reader.status).toBe(200);
    const second = await turns.start(agent, call('list_files', {}), { sessionId });
    await turns.end(second.id);
    const third = await turns.start(agent, '/say three', { sessionId });
    await turns.end(third.id);
    await reader.until('three ends', () => ends(reader).length === 3);
    expect(reader.isOpen()).toBe(true);
    reader.close();
    expectIdsRise(reader.frames);
    for (const [index, turn] of [first, second, third].entries()) {
      const { events } = await turns.end(turn.id);
      expectSoundEvents(events);
      expect(
        byOrdinal(reader.frames)
          .get(index + 1)
          ?.map((frame) => frame.json),
      ).toEqual(events);
    }
  });

  it('holds back a cancelled later turn until the earlier one has ended', async () => {
    const sessionId = unique('s');
    const first = await turns.start(agent, call('write_file', { path: 'x', content: 'x' }), { sessionId });
    const second = await turns.start(agent, '/say two', { sessionId });
    const third = await turns.start(agent, '/say three', { sessionId });
    const reader = await openSession(sessionId, '1.0');
    const pending = await turns.pending(first.id, 'write_file');
    await turns.http.post(`/v1/turns/${second.id}/cancel`, {});
    await turns.end(second.id);
    await turns.decide(first.id, pending.callId, { action: 'deny' });
    await turns.end(third.id);
    await reader.until('three ends', () => ends(reader).length === 3);
    reader.close();
    expect(ends(reader).map((frame) => [parseId(frame.id).ordinal, frame.event])).toEqual([
      [1, 'turn.completed'],
      [2, 'turn.cancelled'],
      [3, 'turn.completed'],
    ]);
    expectIdsRise(reader.frames);
  });

  it('resumes in the middle of a later turn', async () => {
    const sessionId = unique('s');
    const started: Turn[] = [];
    for (const word of ['one', 'two', 'three'])
      started.push(await turns.start(agent, `/say ${word}`, { sessionId }));
    for (const turn of started) await turns.end(turn.id);
    const reader = await openSession(sessionId, '2.2');
    await reader.until(
      'the last end',
      (frame) => frame.event === 'turn.completed' && frame.id?.startsWith('3.') === true,
    );
    reader.close();
    const ids = numbered(reader.frames).map((frame) => frame.id);
    expect(ids).toEqual(['2.3', '2.4', '3.1', '3.2', '3.3', '3.4']);
  });

  it('begins with a snapshot where there is no cursor', async () => {
    const sessionId = unique('s');
    const turn = await turns.start(agent, call('write_file', { path: 'x', content: 'x' }), { sessionId });
    const pending = await turns.pending(turn.id, 'write_file');
    const reader = await openSession(sessionId);
    const snapshot = await reader.until('a snapshot', (frame) => frame.event === 'snapshot');
    expect(snapshot.data).toContain(pending.callId);
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
    await reader.until('the end', (frame) => frame.event === 'turn.completed');
    reader.close();
    const seqs = numbered(reader.frames).map((frame) => frame.json.seq);
    const from = parseId(snapshot.id).seq + 1;
    expect(seqs).toEqual(seqs.map((_, index) => from + index));
  });

  it('of an unknown session is 404', async () => {
    const reader = await openSession('nobody');
    await reader.ended;
    expect(reader.status).toBe(404);
  });
});

describe('many readers and slow readers', () => {
  it('300 readers at once see the same events, each exactly once', async () => {
    const turn = await turns.start(agent, call('write_file', { path: 'many.txt', content: 'x' }));
    const pending = await turns.pending(turn.id, 'write_file');
    const readers = await Promise.all(
      Array.from({ length: 300 }, () => turns.stream(turn.id, { lastEventId: '1.0' })),
    );
    expect(new Set(readers.map((reader) => reader.status))).toEqual(new Set([200]));
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
    await Promise.all(readers.map((reader) => reader.ended));
    const { events } = await turns.end(turn.id);
    for (const reader of readers) expect(numbered(reader.frames).map((frame) => frame.json)).toEqual(events);
  });

  it('a slow reader is disconnected, and resumes without a gap', async () => {
    const sessionId = unique('s');
    const big = 'lorem ipsum '.repeat(33_000);
    const first = await turns.start(agent, '/say begin', { sessionId });
    const slow = await openSession(sessionId, '1.0');
    await slow.until('the first end', (frame) => frame.event === 'turn.completed');
    slow.pause();
    const started: Turn[] = [first];
    for (let n = 0; n < 25; n += 1) started.push(await turns.start(agent, `/say ${big}`, { sessionId }));
    for (const turn of started) await turns.end(turn.id, 60_000);
    await poll(async () => (await openReaders()) === 0, { what: 'the slow reader is disconnected' });
    slow.resume();
    expect(['end', 'broken']).toContain(await slow.ended);
    expect(ends(slow).length).toBeLessThan(26);

    const rest = await openSession(sessionId, slow.lastId());
    await rest.until('the last end', () => ends(slow).length + ends(rest).length === 26, 30_000);
    rest.close();
    const all = [...slow.frames, ...rest.frames];
    expectIdsRise(all);
    const seen = numbered(all).map((frame) => frame.id);
    const expected: string[] = [];
    for (const turn of started) {
      for (const event of (await turns.end(turn.id)).events) expected.push(`${turn.ordinal}.${event.seq}`);
    }
    expect(seen).toEqual(expected);
  }, 120_000);
});
