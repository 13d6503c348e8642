import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contract/index.ts';
import { createHttpFetch } from '../../../src/tools/http-fetch.ts';
import type { Further } from '../../../src/tools/tool.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

type Route = (request: IncomingMessage, response: ServerResponse) => void;

const context = toolContext('/nowhere');
const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
let server: TestServer;
let other: TestServer;

const echo: Route = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    const body = Buffer.concat(chunks).toString();
    response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
  });
};

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', more);
  more();
}

function drip(response: ServerResponse): void {
  response.write('first');
  const timer = setInterval(() => response.write('.'), 20);
  response.on('close', () => clearInterval(timer));
}

const routes: Record<string, Route> = {
  '/echo': echo,
  '/text': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', etag: '"1"', 'x-internal': 'hidden' });
    response.end('hello');
  },
  '/latin': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset="iso-8859-1"' });
    response.end(Buffer.from('Grüße', 'latin1'));
  },
  '/missing': (_, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page'),
  '/image': (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(10)),
  '/gzip': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(gzipSync('unpacked'));
  },
  '/bomb': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain;charset=utf-8', 'content-encoding': 'gzip' });
    response.end(gzipSync(Buffer.alloc(64 * 1_048_576, 'a')));
  },
  '/zeros': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  '/broken': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
  '/endless': (_, response) => endless(response),
  '/drip': (_, response) => drip(response),
  '/silent': () => {},
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/hop': (_, response) => response.writeHead(302, { location: 'text' }).end(),
  '/see-other': (_, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/repeat': (_, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/away': (_, response) => response.writeHead(302, { location: `${other.url}/echo` }).end(),
  '/repeat-away': (_, response) => response.writeHead(307, { location: `${other.url}/echo` }).end(),
};

const serve: Route = (request, response) => {
  const route = routes[request.url ?? ''];
  if (route) route(request, response);
  else response.writeHead(500).end();
};

beforeAll(async () => {
  server = await startHttpServer(serve);
  other = await startHttpServer(serve);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const run = (path: string, input: object = {}, totalMs = 10_000) =>
  createHttpFetch({ allow: [server.host, other.host], totalMs }).run(
    { url: `${server.url}${path}`, ...input },
    context,
  );
const bodyOf = (result: string) => JSON.parse(result.split('\n\n')[1] ?? '');

describe('the answer of http_fetch', () => {
  it('is status, main headers, a blank line and the text', async () => {
    expect(await run('/text')).toBe('HTTP 200 OK\ncontent-type: text/plain\netag: "1"\n\nhello');
    expect(await run('/missing')).toBe('HTTP 404 Not Found\ncontent-type: text/plain\n\nno such page');
    expect(await run('/latin')).toContain('Grüße');
    expect(await run('/text', { method: 'HEAD' })).toBe(
      'HTTP 200 OK\ncontent-type: text/plain\netag: "1"\n\n',
    );
  });

  it('shows only size and type of a binary body', async () => {
    expect(await run('/image')).toContain('\n\n[binary body: 10 bytes, image/png]');
    expect(await run('/zeros')).toContain('[binary body: more than 1048576 bytes, unknown type]');
  });

  it('is unpacked, and cut at 1 MiB however small it was packed', async () => {
    expect(await run('/gzip')).toContain('unpacked');
    const result = await run('/bomb');
    expect(result.length).toBeLessThan(1_048_576 + 300);
    expect(result).toContain('[body cut at 1048576 bytes]');
    expect(await toolErrorOf(run('/broken'))).toMatchObject({ code: 'fetch_failed' });
  });

  it('is cut at 1 MiB when the body never ends, and the connection is closed', async () => {
    const result = await run('/endless');
    expect(result).toContain('[body cut at 1048576 bytes]');
    const request = server.requests.findLast(({ url }) => url === '/endless');
    await poll(() => request?.socket.destroyed, { what: 'the connection is closed' });
  });

  it.each(['/drip', '/silent'])('is an error when it takes too long: %s', async (path) => {
    const error = await toolErrorOf(run(path, {}, 300));
    expect(error).toMatchObject({ code: 'fetch_timeout' });
    expect(error.message).toContain('within 300 ms');
  });

  it('is given up when the turn is cancelled', async () => {
    const cancel = new AbortController();
    const tool = createHttpFetch({ allow: [server.host] });
    const answer = tool.run({ url: `${server.url}/silent` }, toolContext('/nowhere', cancel.signal));
    const sent = server.requests.length;
    await poll(() => server.requests.length > sent || server.requests.at(-1)?.url === '/silent', {
      what: 'it is sent',
    });
    cancel.abort(new Error('cancelled'));
    await expect(answer).rejects.toThrow('cancelled');
  });
});

describe('the request of http_fetch', () => {
  it('carries method, headers and body', async () => {
    const sent = {
      method: 'POST',
      headers: { 'X-Api-Key': 'k', 'Content-Type': 'application/json' },
      body: '{"a":1}',
    };
    expect(bodyOf(await run('/echo', sent))).toMatchObject({
      method: 'POST',
      headers: { 'x-api-key': 'k', 'content-type': 'application/json', host: server.host },
      body: '{"a":1}',
    });
  });

  it.each([
    { Host: 'x' },
    { 'content-length': '5' },
    { Connection: 'close' },
    { 'proxy-authorization': 'x' },
  ])('refuses the header %j', async (headers) => {
    expect(await toolErrorOf(run('/echo', { headers }))).toMatchObject({ code: 'header_refused' });
  });

  it('refuses header values that would begin another header, and a body with GET', async () => {
    const injected = run('/echo', { headers: { 'x-a': 'b\r\nhost: evil' } });
    expect(await toolErrorOf(injected)).toMatchObject({ code: 'header_refused' });
    expect(await toolErrorOf(run('/echo', { body: 'x' }))).toMatchObject({ code: 'input_invalid' });
  });
});

describe('a redirect', () => {
  it('is judged by the policy like a call of its own', async () => {
    const judged: object[] = [];
    const verdicts: Record<string, Further> = {
      '/text': { gate: 'deny', rule: 'rules[0]', reason: 'Not there.', sameRule: false },
      '/echo': { gate: 'ask', rule: 'tool', sameRule: true, approved: true },
    };
    const further = async () => (input: JsonObject) => {
      judged.push(input);
      return verdicts[new URL(String(input['url'])).pathname] ?? { gate: 'allow' as const };
    };
    const tool = createHttpFetch({ allow: [server.host, other.host] });
    const before = other.requests.length;
    const fetchAt = (path: string, more = {}) =>
      tool.run({ url: server.url + path, ...more }, { ...context, further });
    const error = await toolErrorOf(fetchAt('/hop'));
    expect(error.code).toBe('redirect_not_allowed');
    expect(error.message).toContain(
      `redirects to ${server.url}/text, which the policy (rules[0]) denies: Not there`,
    );
    expect(await fetchAt('/see-other', { method: 'POST', body: 'x' })).toContain('HTTP 200');
    // What a person approved at one origin is not approved at another.
    expect(await toolErrorOf(fetchAt('/away'))).toMatchObject({ code: 'redirect_not_allowed' });
    expect(judged).toMatchObject([
      { url: `${server.url}/text`, method: 'GET' },
      { url: `${server.url}/echo`, method: 'GET' },
      { url: `${other.url}/echo` },
    ]);
    expect(other.requests).toHaveLength(before);
  });

  it('is followed and named, at most five times', async () => {
    expect(await run('/hop')).toBe(
      `HTTP 200 OK\nredirected to: ${server.url}/text\ncontent-type: text/plain\netag: "1"\n\nhello`,
    );
    const before = server.requests.length;
    expect(await toolErrorOf(run('/loop'))).toMatchObject({ code: 'too_many_redirects' });
    expect(server.requests.length - before).toBe(6);
  });

  it('turns a POST into a GET on 303 and repeats it on 307', async () => {
    const post = { method: 'POST', headers: { authorization: 'Bearer t' }, body: 'text' };
    const seen = bodyOf(await run('/see-other', post));
    expect(seen).toMatchObject({ method: 'GET', body: '', headers: { authorization: 'Bearer t' } });
    expect(seen.headers).not.toHaveProperty('content-type');
    expect(bodyOf(await run('/repeat', post))).toMatchObject({ method: 'POST', body: 'text' });
  });

  it('carries no credentials and no body to another origin', async () => {
    const headers = { Authorization: 'Bearer t', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'text/html' };
    const seen = bodyOf(await run('/away', { headers })).headers;
    expect(seen).toMatchObject({ accept: 'text/html', host: other.host });
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen).not.toHaveProperty(name);
    const post = run('/repeat-away', { method: 'POST', body: 'secret' });
    expect(await toolErrorOf(post)).toMatchObject({ code: 'redirect_refused' });
  });
});
