import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBrowserGuard } from '../../../src/browser/browser-guard.ts';
import { type OutboundProxy, startOutboundProxy } from '../../../src/outbound/outbound-proxy.ts';
import type { Resolve } from '../../../src/outbound/resolve.ts';
import { keptLog } from '../../support/browser-rig.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';

let server: TestServer;
let proxy: OutboundProxy;
let listed: string;
const { log, lines } = keptLog();
const answers: Record<string, string[]> = {};
const asked: string[] = [];
const resolve: Resolve = async (name) => {
  asked.push(name);
  const next = answers[name]?.shift();
  if (next === undefined) throw new Error('ENOTFOUND');
  return [{ address: next, family: 4 }];
};

beforeAll(async () => {
  server = await startHttpServer((incoming, response) => {
    response.end(`${incoming.method} ${incoming.url} ${incoming.headers['proxy-authorization'] ?? 'bare'}`);
  });
  listed = `127.0.0.1:${server.port}`;
  const allow = [listed, `rebound.test:${server.port}`];
  proxy = await startOutboundProxy({ guard: createBrowserGuard({ allow, resolve }), log });
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const credential = () => ({
  'proxy-authorization': `Basic ${Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64')}`,
});

function plain(url: string, headers: Record<string, string> = credential(), method = 'GET') {
  return new Promise<{ status: number; location?: string; body: string }>((done, failed) => {
    const { hostname, port } = new URL(proxy.server);
    const outgoing = request({ host: hostname, port, path: url, method, headers, agent: false });
    outgoing.on('error', failed).on('response', async (answer) => {
      const { location } = answer.headers;
      done({ status: answer.statusCode ?? 0, ...(location && { location }), body: await text(answer) });
    });
    outgoing.end();
  });
}

/** First line that the proxy answers to CONNECT, and what comes through the tunnel. */
function tunnel(authority: string, headers: Record<string, string> = credential()) {
  return new Promise<string>((done, failed) => {
    const { hostname, port } = new URL(proxy.server);
    const socket = connect(Number(port), hostname);
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.on('error', failed);
    socket.once('data', (first: Buffer) => {
      const line = first.toString().split('\r\n')[0] ?? '';
      if (!line.includes(' 200 ')) return done(line);
      socket.write('GET /tunnelled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      text(socket).then((rest) => done(`${line} ${rest.split('\r\n\r\n')[1]}`), failed);
    });
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${head.join('')}\r\n`);
  });
}

describe('the outbound proxy', () => {
  it('serves nobody without its credential', async () => {
    const before = server.requests.length;
    expect(await plain(`http://${listed}/`, {})).toMatchObject({ status: 407 });
    expect(await plain(`http://${listed}/`, { 'proxy-authorization': 'Basic eDp5' })).toMatchObject({
      status: 407,
    });
    expect(await tunnel(listed, {})).toContain(' 407 ');
    expect(server.requests).toHaveLength(before);
  });

  it('passes on what is listed, without its own headers', async () => {
    const { body } = await plain(`http://${listed}/a?b=c`);
    expect(body).toBe('GET /a?b=c bare');
    expect(await tunnel(listed)).toContain('200 Connection established GET /tunnelled bare');
  });

  it('refuses what is private and not listed, and tells the operator once', async () => {
    const before = server.requests.length;
    const other = `localhost:${server.port}`;
    expect(await tunnel(other)).toContain(' 403 ');
    expect(await tunnel(other)).toContain(' 403 ');
    expect(await plain(`http://${other}/`)).toMatchObject({ status: 403 });
    expect(server.requests).toHaveLength(before);
    expect(lines.filter((line) => line.includes(other))).toHaveLength(1);
    expect(lines.join()).toContain('LONGTURN_BROWSER_ALLOW');
  });

  it('resolves a name once, and connects to what was checked whatever the name resolves to a moment later', async () => {
    answers['rebound.test'] = ['127.0.0.1', '127.0.0.2'];
    answers['private.test'] = ['127.0.0.1'];
    asked.length = 0;
    expect(await tunnel(`rebound.test:${server.port}`)).toContain(' 200 ');
    expect(await tunnel(`private.test:${server.port}`)).toContain(' 403 ');
    expect(asked).toEqual(['rebound.test', 'private.test']);
  });

  it('sends plain pages of other hosts to https, and refuses the rest of plain traffic', async () => {
    expect(await plain('http://example.test/login?x=1')).toMatchObject({
      status: 307,
      location: 'https://example.test/login?x=1',
    });
    expect(await plain('http://example.test/login', credential(), 'POST')).toMatchObject({ status: 403 });
    expect(await plain('http://example.test:8080/login')).toMatchObject({ status: 403 });
    expect(await plain('/not-absolute')).toMatchObject({ status: 400 });
    expect(await plain('ftp://example.test/')).toMatchObject({ status: 400 });
  });

  it('answers 502 for a name that does not exist', async () => {
    expect(await tunnel('nowhere.test:443')).toContain(' 502 ');
    expect(await tunnel('%%%')).toContain(' 502 ');
  });
});
