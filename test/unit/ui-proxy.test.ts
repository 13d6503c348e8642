import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { takePorts } from '../../src/engine/ports.ts';
import { startUiProxy, type UiProxy } from '../../src/engine/ui-proxy.ts';

/** Stands in for the server's UI, which answers everybody. */
const ui = createServer((request, answer) => answer.end(`${request.method} ${request.url}`));
let proxy: UiProxy;
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => ui.listen(0, '127.0.0.1', resolve));
  [port = 0] = await takePorts([{ variable: 'the proxy', port: 0 }]);
  proxy = await startUiProxy(port, { ip: '127.0.0.1', port: (ui.address() as AddressInfo).port });
});

afterAll(async () => {
  await proxy.close();
  ui.close();
});

/** Not `fetch`: it sets the host by itself. */
async function ask(headers: Record<string, string>): Promise<{ status: number | undefined; text: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/api/v1/namespaces?x=1', headers }, resolve).on('error', reject);
  });
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode, text };
}

describe("the proxy before the engine's UI", () => {
  it('passes requests of its own pages on', async () => {
    const own = {
      host: `localhost:${port}`,
      origin: `http://localhost:${port}`,
      'sec-fetch-site': 'same-origin',
    };
    const passed = { status: 200, text: 'GET /api/v1/namespaces?x=1' };
    expect(await ask(own)).toEqual(passed);
    expect(await ask({ host: `127.0.0.1:${port}` })).toEqual(passed);
  });

  it.each<[string, () => Record<string, string>]>([
    ['a name that somebody had point here', () => ({ host: `rebound.example:${port}` })],
    ['the same without a port', () => ({ host: 'localhost' })],
    ['a page of another origin', () => ({ host: `localhost:${port}`, origin: 'https://evil.example' })],
    ['a page without an origin', () => ({ host: `localhost:${port}`, origin: 'null' })],
    [
      'a picture in another page',
      () => ({ host: `localhost:${port}`, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
    ],
  ])('refuses %s', async (_what, headers) => {
    expect((await ask(headers())).status).toBe(403);
  });

  it('says that the UI does not answer', async () => {
    const [other = 0, nobody = 0] = await takePorts([
      { variable: 'a', port: 0 },
      { variable: 'b', port: 0 },
    ]);
    const alone = await startUiProxy(other, { ip: '127.0.0.1', port: nobody });
    expect((await fetch(alone.url)).status).toBe(502);
    await alone.close();
  });
});
