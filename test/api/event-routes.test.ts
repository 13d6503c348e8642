import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TurnRecord } from '../../src/store/store.ts';
import { poll } from '../support/poll.ts';
import { seedRunning } from '../support/seed-turns.ts';
import { ADMIN, createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let turn: TurnRecord;
let base: string;

beforeEach(async () => {
  test = await createTestApp();
  turn = await seedRunning(test.store);
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  base = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

/** A real connection; the first frame that comes. */
async function follow(path: string, headers: Record<string, string> = {}) {
  const client = new AbortController();
  const answer = await fetch(`${base}${path}`, {
    headers: { authorization: `Bearer ${ADMIN}`, ...headers },
    signal: client.signal,
  });
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  return { answer, frame: new TextDecoder().decode(first?.value), reader, abort: () => client.abort() };
}

const readers = async () =>
  Number(/^longturn_sse_readers (\d+)$/m.exec((await test.get('/metrics')).body)?.[1]);

describe('event streams', () => {
  it('end when their token is deleted or expires, and no others do', async () => {
    await test[Symbol.asyncDispose]();
    test = await createTestApp({ config: { streamCheckMs: 50 } });
    turn = await seedRunning(test.store);
    await test.app.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
    const made = async (more: object) =>
      (await test.post('/v1/tokens', { name: 'reader', scopes: ['turns:read'], ...more })).body;
    const [deleted, expiring] = [await made({}), await made({ expiresAt: '2026-11-21T12:10:00.000Z' })];
    const streams = [];
    for (const token of [deleted.token, expiring.token, ADMIN])
      streams.push(await follow(`/v1/turns/${turn.id}/events`, { authorization: `Bearer ${token}` }));
    const [first, second, third] = streams;
    await test.request('DELETE', `/v1/tokens/${deleted.id}`);
    expect((await first?.reader?.read())?.done).toBe(true);
    expect(await readers()).toBe(2);
    test.clock.now = new Date('2026-11-21T12:10:00.000Z');
    expect((await second?.reader?.read())?.done).toBe(true);
    await poll(async () => (await readers()) === 1, { what: 'one reader is left' });
    third?.abort();
  });

  it('are answered with the headers of a stream, and count as readers until the client goes', async () => {
    const stream = await follow(`/v1/turns/${turn.id}/events`);
    expect(stream.answer.status).toBe(200);
    expect(Object.fromEntries(stream.answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(stream.frame).toContain(`"name":"turn ${turn.id}","after":null`);
    expect(await readers()).toBe(1);
    stream.abort();
    await poll(async () => (await readers()) === 0, { what: 'the reader is gone' });
  });

  it('take Last-Event-ID before ?after=', async () => {
    const url = `/v1/turns/${turn.id}/events?after=1.1`;
    const byQuery = await follow(url);
    expect(byQuery.frame).toContain('"after":"1.1"');
    const byHeader = await follow(url, { 'last-event-id': '1.2' });
    expect(byHeader.frame).toContain('"after":"1.2"');
  });

  it('follow sessions, and the inbox when it is asked for as a stream', async () => {
    expect((await follow(`/v1/sessions/${turn.sessionId}/events`)).frame).toContain(
      `session ${turn.sessionId}`,
    );
    const inbox = await follow('/v1/approvals', { accept: 'text/event-stream' });
    expect(inbox.frame).toContain('approvals pending');
  });

  it('end with 204 when there is nothing more, and with 400 before the headers for a foreign cursor', async () => {
    const url = `/v1/turns/${turn.id}/events`;
    const ended = await test.get(`${url}?after=end`);
    expect(ended).toMatchObject({ status: 204, body: '' });
    for (const accept of ['text/event-stream', 'application/json']) {
      const answer = await test.get(`${url}?after=bad`, { headers: { accept } });
      expect(problemCode(answer)).toBe('400 cursor_invalid');
    }
    expect(problemCode(await test.get(`/v1/sessions/${turn.sessionId}/events?after=bad`))).toBe(
      '400 cursor_invalid',
    );
  });

  it('are cut off, not ended, when they break, so that the client comes back', async () => {
    const readAll = async () => {
      const { reader } = await follow(`/v1/turns/${turn.id}/events?after=break`);
      await reader?.read();
    };
    await expect(readAll()).rejects.toThrow('terminated');
    expect(JSON.stringify(test.log)).toContain('event stream broke off');
  });

  it('do not hold up the end of the process', async () => {
    const stream = await follow(`/v1/turns/${turn.id}/events`);
    const startedMs = performance.now();
    await test.app.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await stream.reader?.read()).toEqual({ done: true, value: undefined });
  });
});

describe('the form of a turn’s events', () => {
  it.each([
    [undefined, 'stream'],
    ['*/*', 'stream'],
    ['text/*', 'stream'],
    ['text/event-stream', 'stream'],
    ['application/json', 'json'],
    ['application/json, text/event-stream;q=0.5', 'json'],
    ['application/*;q=0.9, text/event-stream;q=1', 'stream'],
    ['text/html', 'problem'],
    ['text/event-stream;q=0', 'problem'],
  ])('for Accept %s is %s', async (accept, form) => {
    const answer = await test.get(`/v1/turns/${turn.id}/events?after=end`, {
      headers: { ...(accept && { accept }) },
    });
    const seen = { 200: 'json', 204: 'stream', 406: 'problem' }[answer.status];
    expect(seen).toBe(form);
  });

  it('as JSON has the events as they are stored', async () => {
    const { body } = await test.get(`/v1/turns/${turn.id}/events`, {
      headers: { accept: 'application/json' },
    });
    expect(body).toEqual({ events: await test.store.events.list(turn.id), cursor: '1.1' });
  });

  it('is a stream only for a session', async () => {
    const answer = await test.get(`/v1/sessions/${turn.sessionId}/events`, {
      headers: { accept: 'application/json' },
    });
    expect(problemCode(answer)).toBe('406 not_acceptable');
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['nonsense\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is answered with a problem all the same', async (bytes, status) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.write(bytes);
    await poll(() => socket.readableEnded || text.includes('}'), { what: 'the answer is there' });
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toContain('application/problem+json');
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status });
    socket.destroy();
  });
});
