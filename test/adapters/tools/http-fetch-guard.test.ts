import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResolvedAddress } from '../../../src/outbound/resolve.ts';
import { createHttpFetch } from '../../../src/tools/http-fetch.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

const context = toolContext('/nowhere');
let server: TestServer;

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    const to = new URL(request.url ?? '/', server.url).searchParams.get('to');
    if (to !== null) response.writeHead(302, { location: to });
    response.end('reached');
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const fetchOf = (allow: string[], resolve?: () => Promise<ResolvedAddress[]>) =>
  createHttpFetch({ allow, ...(resolve ? { resolve } : {}) });

describe('http_fetch, asked for an address that is not public', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.1:PORT/',
    'http://017700000001:PORT/',
    'http://127.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://localhost:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fd00::1]:PORT/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://192.168.1.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://１２７.0.0.1:PORT/',
  ])('refuses %s', async (template) => {
    const url = template.replace('PORT', String(server.port));
    const before = server.requests.length;
    const run = fetchOf([]).run({ url }, context);
    expect(await toolErrorOf(run)).toMatchObject({ code: 'address_refused' });
    expect(server.requests).toHaveLength(before);
  });

  it('refuses a name as soon as one of its addresses is private, whatever the others are', async () => {
    const tool = fetchOf([], async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
    const error = await toolErrorOf(tool.run({ url: `http://mixed.example:${server.port}/` }, context));
    expect(error).toMatchObject({ code: 'address_refused' });
    expect(error.message).toBe(
      `mixed.example (127.0.0.1) is not a public address; http_fetch reaches public ones only. If this one is meant, the operator can add mixed.example:${server.port} to LONGTURN_HTTP_FETCH_ALLOW.`,
    );
  });

  it('names an address as it is, and its place as the list has it', async () => {
    const error = await toolErrorOf(fetchOf([]).run({ url: 'https://[::1]/' }, context));
    expect(error.message).toBe(
      '::1 is not a public address; http_fetch reaches public ones only. If this one is meant, the operator can add [::1]:443 to LONGTURN_HTTP_FETCH_ALLOW.',
    );
  });

  it('resolves a name once, so that no later answer can lead elsewhere', async () => {
    let asked = 0;
    const tool = fetchOf([server.host], async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    });
    expect(await tool.run({ url: `http://rebind.example:${server.port}/` }, context)).toContain('reached');
    expect(asked).toBe(1);
  });

  it('lets through what the operator allows, by address or by name, and only on that port', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const url = `http://inside.example:${server.port}/`;
    expect(await fetchOf([server.host]).run({ url: server.url }, context)).toContain('reached');
    expect(await fetchOf([`Inside.example:${server.port}`], resolve).run({ url }, context)).toContain(
      'reached',
    );
    const other = fetchOf([`127.0.0.1:${server.port + 1}`], resolve);
    expect(await toolErrorOf(other.run({ url }, context))).toMatchObject({ code: 'address_refused' });
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost:1/',
    'http://2130706433:1/',
    '//10.0.0.1/',
  ])('refuses a redirect to %s', async (to) => {
    const url = `${server.url}/?to=${encodeURIComponent(to)}`;
    const error = await toolErrorOf(fetchOf([server.host]).run({ url }, context));
    expect(error).toMatchObject({ code: 'address_refused' });
  });

  it.each([
    ['file:///etc/passwd', 'url_invalid'],
    ['ftp://example.com/', 'url_invalid'],
    ['gopher://127.0.0.1/', 'url_invalid'],
    ['http://user:password@example.com/', 'url_invalid'],
    ['not a url', 'url_invalid'],
  ])('refuses %s, also as the goal of a redirect', async (target, code) => {
    const tool = fetchOf([server.host]);
    expect(await toolErrorOf(tool.run({ url: target }, context))).toMatchObject({ code });
    if (target === 'not a url') return;
    const url = `${server.url}/?to=${encodeURIComponent(target)}`;
    expect(await toolErrorOf(tool.run({ url }, context))).toMatchObject({ code });
  });
});
