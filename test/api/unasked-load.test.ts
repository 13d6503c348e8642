import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { poll } from '../support/poll.ts';
import { seedRunning } from '../support/seed-turns.ts';
import { ADMIN, createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeEach(async () => {
  test = await createTestApp({
    config: { authFailuresPerMinute: 3, requestTimeoutMs: 500, streamLimits: { perToken: 2, perAddress: 3 } },
  });
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

async function listening(): Promise<number> {
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  return (test.app.server.address() as AddressInfo).port;
}

const manyKeys = (count: number, length = 5): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${'k'.repeat(length)}${index}`, 1]));

describe('what is told of a bad body', () => {
  it('never grows with the body', async () => {
    for (const body of [
      manyKeys(60_000),
      manyKeys(9_000),
      manyKeys(3, 200_000),
      { input: manyKeys(1), agent: [manyKeys(40_000)] },
    ]) {
      const answer = await test.post('/v1/turns', body);
      expect(problemCode(answer)).toBe('400 validation_failed');
      expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
    }
    const many = await test.post('/v1/turns', manyKeys(9_000));
    expect(many.body.errors).toHaveLength(21);
    expect(many.body.errors.at(-1).message).toMatch(/^There are \d+ more\.$/);
  });
});

describe('a code exchange without a token', () => {
  const exchange = (options: object) =>
    test.request('POST', '/auth/connections/conn_1/exchange', { token: null, ...options });

  it('takes a small body only', async () => {
    expect(problemCode(await exchange({ body: { code: 'x'.repeat(17_000) } }))).toBe('413 payload_too_large');
  });

  it.each<[string, object]>([
    ['of another shape', { body: manyKeys(200) }],
    ['too large', { body: { code: 'x'.repeat(17_000) } }],
    ['no JSON', { raw: '{' }],
  ])('counts bodies that are %s as failed authentications', async (_what, options) => {
    for (let n = 0; n < 3; n += 1) {
      const answer = await exchange(options);
      expect(answer.status).toBeLessThan(429);
      expect(JSON.stringify(answer.body).length).toBeLessThan(4_000);
    }
    expect(problemCode(await exchange(options))).toBe('429 rate_limited');
  });
});

describe('a request that never arrives', () => {
  it.each([
    ['headers', 'POST /v1/turns HTTP/1.1\r\nhost: a\r\n'],
    [
      'body',
      `POST /v1/turns HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    ],
  ])('is ended in the middle of its %s', async (_where, sent) => {
    const socket = connect(await listening(), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.write(sent);
    await once(socket, 'close');
    expect(answer).toContain('HTTP/1.1 408');
  });
});

describe('open event streams', () => {
  it('are so many of one token and of one address, and closing one makes room', async () => {
    const { id } = await seedRunning(test.store);
    const port = await listening();
    const requests: ClientRequest[] = [];
    const follow = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const url = `http://127.0.0.1:${port}/v1/turns/${id}/events`;
      // A connection of its own each, closed with its answer.
      const request = get(url, { headers, agent: false }).on('error', () => undefined);
      requests.push(request);
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      answer.on('error', () => undefined).resume();
      const retryAfter = answer.headers['retry-after'];
      return { status: answer.statusCode, retryAfter, close: () => request.destroy() };
    };
    const [first] = [await follow(ADMIN), await follow(ADMIN)];
    expect(await follow(ADMIN)).toMatchObject({ status: 429, retryAfter: '10' });
    const reader = secretOf('turns:read');
    expect((await follow(reader)).status).toBe(200);
    expect((await follow(reader)).status).toBe(429);
    first.close();
    await poll(async () => (await follow(reader)).status === 200, { what: 'a stream is taken again' });
    for (const request of requests) request.destroy();
  });
});
