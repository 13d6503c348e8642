import { describe, expect, it } from '@jest/globals';
import { ApiError, allOf, ConnectionError, createClient } from '../../../src/client/index.ts';
import { readRetryAfter, waitAfter } from '../../../src/client/waits.ts';
import { BASE, createScriptedFetch, json, problem, type Scripted } from '../../support/scripted-fetch.ts';

const TURN = { id: 't_1' };
const lost = () => new TypeError('fetch failed');

function setUp(answers: Scripted[], token: string | (() => string | undefined) = 'lt_x') {
  const script = createScriptedFetch(answers);
  const client = createClient({ baseUrl: `${BASE}/`, token, fetch: script.fetch, sleep: script.sleep });
  return { ...script, client };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );

describe('a request', () => {
  it('has its path encoded, its query, the token and JSON', async () => {
    const { client, sent } = setUp([json(200, { items: [] }), json(200, {})]);
    await client.turns.list({ agent: 'a b', status: 'waiting', cursor: undefined });
    await client.calls.decide('t/1', 'c?1', { action: 'allow' });
    expect(sent).toMatchObject([
      {
        method: 'GET',
        path: '/v1/turns?agent=a%20b&status=waiting',
        headers: { authorization: 'Bearer lt_x' },
      },
      {
        method: 'POST',
        path: '/v1/turns/t%2F1/calls/c%3F1/decision',
        headers: { 'content-type': 'application/json' },
        body: { action: 'allow' },
      },
    ]);
  });

  it('has the token of now, and none where there is none', async () => {
    let token: string | undefined;
    const { client, sent } = setUp([json(200, {}), json(200, {})], () => token);
    await client.turns.get('t_1');
    token = 'lt_new';
    await client.turns.get('t_1');
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual([undefined, 'Bearer lt_new']);
  });

  it('without content in its answer has no result', async () => {
    const { client } = setUp([new Response(null, { status: 204 })]);
    expect(await client.grants.revoke('s', 'g')).toBeUndefined();
  });

  it('that is refused throws the problem', async () => {
    const { client } = setUp([problem(409, 'already_decided')]);
    const error = await failure(client.calls.decide('t', 'c', { action: 'deny' }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 409,
      code: 'already_decided',
      detail: 'It is already_decided.',
      requestId: 'req-1',
      message: 'POST /v1/turns/t/calls/c/decision: 409 already_decided It is already_decided.',
    });
  });

  it('that something before the API refuses throws an error without a code', async () => {
    const { client } = setUp([new Response('<h1>Forbidden</h1>', { status: 403 })]);
    const error = await failure(client.turns.get('t'));
    expect(error).toMatchObject({ status: 403, code: undefined, detail: '<h1>Forbidden</h1>' });
  });

  it('is ended by its signal, with its reason', async () => {
    const ending = new AbortController();
    const { client } = setUp([
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          ending.abort(new Error('enough'));
        }),
    ]);
    expect(await failure(client.turns.get('t', { signal: ending.signal }))).toMatchObject({
      message: 'enough',
    });
  });

  it('that is not answered in time is a broken connection', async () => {
    const { client } = setUp([
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    ]);
    const error = await failure(client.turns.get('t', { timeoutMs: 1, retries: 0 }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ message: 'GET /v1/turns/t: no answer within 1 ms' });
  });

  it('by hand is answered whatever its status is, and its text goes as it is', async () => {
    const { client, sent } = setUp([problem(404, 'turn_not_found')]);
    const answer = await client.request({ method: 'POST', path: '/v1/turns', body: '{"a":1}' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'turn_not_found' } });
    expect(sent[0]?.body).toEqual({ a: 1 });
  });
});

describe('a request that fails', () => {
  it.each([
    ['no answer', lost],
    ['503', () => problem(503, 'engine_unavailable')],
    ['500', () => problem(500, 'internal_error')],
    ['502 of a proxy', () => new Response('bad gateway', { status: 502 })],
    ['429', () => problem(429, 'rate_limited')],
  ])('with %s is sent again, further and further apart', async (_, failed) => {
    const { client, sent, waits } = setUp([failed(), failed(), failed(), json(200, TURN)]);
    expect(await client.turns.get('t_1')).toEqual(TURN);
    expect(sent).toHaveLength(4);
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(waitMs).toBeLessThanOrEqual(500 * 2 ** index);
    }
  });

  it('is given up in the end, and whoever asked is told of each wait', async () => {
    const told: unknown[] = [];
    const { client, sent } = setUp(Array.from({ length: 3 }, lost));
    const error = await failure(client.turns.get('t', { retries: 2, onRetry: (each) => told.push(each) }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(sent).toHaveLength(3);
    expect(told).toHaveLength(2);
  });

  it('is sent again no sooner than the API asks for', async () => {
    const { client, waits } = setUp([
      problem(503, 'engine_unavailable', { 'retry-after': '7' }),
      json(200, TURN),
    ]);
    await client.turns.get('t');
    expect(waits).toEqual([7_000]);
  });

  it('is given up at once where the API asks for a long wait', async () => {
    const { client } = setUp([problem(429, 'rate_limited', { 'retry-after': '3600' })]);
    expect(await failure(client.turns.get('t'))).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
  });

  it.each([400, 401, 403, 404, 409, 410, 422])('with %i is not sent again', async (status) => {
    const { client, sent } = setUp([problem(status, 'some_code')]);
    expect(await failure(client.turns.get('t'))).toMatchObject({ status });
    expect(sent).toHaveLength(1);
  });

  it('and would do something twice is not sent again, but where it was refused unseen', async () => {
    const { client, sent } = setUp([problem(429, 'rate_limited'), lost()]);
    expect(await failure(client.turns.steer('t', 'left'))).toBeInstanceOf(ConnectionError);
    expect(sent).toHaveLength(2);
    const other = setUp([problem(503, 'store_unavailable')]);
    expect(await failure(other.client.tokens.create({ name: 'n', scopes: ['admin'] }))).toMatchObject({
      status: 503,
    });
  });

  it('and starts a turn is sent again with the same key', async () => {
    const { client, sent } = setUp([lost(), json(202, TURN), json(202, TURN), json(202, TURN)]);
    const start = { agent: 'helper', input: 'x' };
    expect(await client.turns.start(start)).toEqual(TURN);
    await client.turns.start(start, { idempotencyKey: 'mine' });
    await client.turns.start(start, { retries: 0 });
    const [first, again, other, none] = sent.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([again, other, none]).toEqual([first, 'mine', undefined]);
  });

  it('and is a POST says that it is a repeat', async () => {
    const { client, sent } = setUp([lost(), json(200, {})]);
    await client.connections.login('c');
    expect(sent.map(({ headers }) => headers['x-stainless-retry-count'])).toEqual([undefined, '1']);
  });
});

describe('a list', () => {
  it('is read page after page', async () => {
    const { client, sent } = setUp([
      json(200, { items: [1, 2], nextCursor: 'n' }),
      json(200, { items: [3] }),
    ]);
    const all: unknown[] = [];
    for await (const item of allOf((page) => client.turns.list({ ...page, limit: 2 }))) all.push(item);
    expect(all).toEqual([1, 2, 3]);
    expect(sent.map(({ path }) => path)).toEqual(['/v1/turns?limit=2', '/v1/turns?cursor=n&limit=2']);
  });

  it('of managed auth says where it goes on', async () => {
    const { client } = setUp([
      json(200, ['a'], { 'x-has-more': 'true', 'x-next-offset': '20' }),
      json(200, [], { 'x-has-more': 'false', 'x-next-offset': '0' }),
    ]);
    expect(await client.profiles.list()).toEqual({ items: ['a'], nextOffset: 20 });
    expect(await client.profiles.list({ offset: 20 })).toEqual({ items: [] });
  });
});

describe('a download', () => {
  it('is the stream of its bytes, and nothing while there is nothing', async () => {
    const { client } = setUp([new Response('bytes', { status: 200 }), new Response(null, { status: 202 })]);
    expect(await new Response(await client.profiles.download('p')).text()).toBe('bytes');
    expect(await client.profiles.download('p')).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['Sat, 28 Nov 2026 12:00:05 GMT', 5_000],
    ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [' ', undefined],
    [null, undefined],
  ])('%j is %j ms', (header, waitMs) => {
    expect(readRetryAfter(header, Date.parse('2026-11-28T12:00:00Z'))).toBe(waitMs);
  });

  it('is kept to, and else waits grow up to 10 s', () => {
    expect(waitAfter(1, 60_000)).toBe(60_000);
    const longest = Array.from({ length: 50 }, () => waitAfter(40));
    expect(Math.max(...longest)).toBeLessThanOrEqual(10_000);
    expect(Math.min(...longest)).toBeGreaterThanOrEqual(5_000);
    expect(new Set(longest).size).toBeGreaterThan(1);
  });
});
