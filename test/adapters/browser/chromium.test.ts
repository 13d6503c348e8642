import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createBrowserGuard } from '../../../src/browser/browser-guard.ts';
import { type Chromium, createChromium } from '../../../src/browser/chromium/chromium.ts';
import { ChromiumNotFoundError, findChromium } from '../../../src/browser/chromium/find-chromium.ts';
import { firstAppearance, newContext } from '../../../src/browser/context/browser-state.ts';
import { type LazyProxy, lazyProxy } from '../../../src/outbound/lazy-proxy.ts';
import { browserFolder, keptLog } from '../../support/browser-rig.ts';
import { chromiumsIn } from '../../support/chromium-processes.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';

let server: TestServer;
let folder: string;
let proxy: LazyProxy;
let chromium: Chromium;
const kept = keptLog();
const pages: Page[] = [];

beforeAll(async () => {
  server = await startHttpServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<h1>reached</h1>');
  });
  folder = await browserFolder();
  await mkdir(path.join(folder, 'left'));
  await writeFile(path.join(folder, 'left', 'Cookies'), 'of a process that was killed');
  const guard = createBrowserGuard({ allow: [`127.0.0.1:${server.port}`] });
  proxy = lazyProxy({ guard, log: kept.log });
  chromium = createChromium({ tempDir: folder, proxy: proxy.started, log: kept.log });
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function openPage(browser?: Browser): Promise<Page> {
  const running = browser ?? (await chromium.running());
  const page = await (await newContext(running, firstAppearance(running))).newPage();
  pages.push(page);
  return page;
}

async function listenForDatagrams() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1').unref();
  await once(socket, 'listening');
  const heard = {
    port: socket.address().port,
    datagrams: 0,
    [Symbol.asyncDispose]: async () => void socket.close(),
  };
  socket.on('message', () => {
    heard.datagrams += 1;
  });
  return heard;
}

const fetched = (page: Page, url: string) =>
  page.evaluate(
    (to) =>
      fetch(to, { mode: 'no-cors' }).then(
        () => 'reached',
        () => 'refused',
      ),
    url,
  );

describe('Chromium as it is started for logins', () => {
  it('empties its folder first, and keeps all its files in it', async () => {
    const page = await openPage();
    await page.goto(server.url);
    expect(existsSync(path.join(folder, 'left'))).toBe(false);
    expect(await readdir(path.join(folder, '1'))).toEqual(expect.arrayContaining(['artifacts', 'profile']));
  });

  it('reaches a listed address, and by nothing but its listed name', async () => {
    const page = await openPage();
    await page.goto(server.url);
    expect(await page.textContent('h1')).toBe('reached');
    const before = server.requests.length;
    await fetched(page, `http://localhost:${server.port}/`);
    for (const url of [
      `http://localhost:${server.port}/`,
      `http://[::1]:${server.port}/`,
      `https://localhost:${server.port}/`,
      'https://169.254.169.254/',
    ]) {
      await expect(page.goto(url)).rejects.toThrow(/ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_TUNNEL/);
    }
    expect(server.requests).toHaveLength(before);
  });

  it('sends nothing around the proxy: no WebSocket, no WebRTC', async () => {
    await using heard = await listenForDatagrams();
    const page = await openPage();
    await page.goto(server.url);
    const closed = await page.evaluate(
      (port) =>
        new Promise((done) => {
          const socket = new WebSocket(`ws://localhost:${port}/`);
          socket.onclose = () => done('closed');
          socket.onopen = () => done('open');
        }),
      server.port,
    );
    expect(closed).toBe('closed');
    const gathered = await page.evaluate(`new Promise((done) => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${heard.port}' }] });
      const found = [];
      peer.onicecandidate = ({ candidate }) => candidate ? found.push(candidate.candidate) : done(found);
      peer.createDataChannel('x');
      peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      setTimeout(done, 4000, found);
    })`);
    expect(gathered).toEqual([]);
    expect(heard.datagrams).toBe(0);
  });

  it('does not tell that it has no screen, and asks for no permission', async () => {
    const page = await openPage();
    await page.goto(server.url);
    expect(await page.evaluate('navigator.userAgent')).toMatch(/ Chrome\/\d+\.0\.0\.0 Safari/);
    expect(server.requests.at(-1)?.headers['user-agent']).not.toContain('Headless');
    const state = "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)";
    expect(await page.evaluate(state)).toBe('denied');
  });

  it('loads nothing that nobody sees: every page is of a context', async () => {
    const browser = await chromium.running();
    const page = await openPage(browser);
    await page.goto(server.url);
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
    const shown = targetInfos.filter(({ type }) => type !== 'tab').map(({ url }) => url);
    expect(shown).toEqual([`${server.url}/`]);
    await session.detach();
  });

  it('is started again after it was killed', async () => {
    const first = await chromium.running();
    await openPage(first);
    const ended = new Promise((resolve) => first.once('disconnected', resolve));
    for (const { pid } of await chromiumsIn(folder)) process.kill(pid, 'SIGKILL');
    await ended;
    const again = await Promise.all([chromium.running(), chromium.running()]);
    expect(again[0]).toBe(again[1]);
    expect(again[0]).not.toBe(first);
    const page = await openPage();
    await page.goto(server.url);
    expect(await page.textContent('h1')).toBe('reached');
    await poll(() => !existsSync(path.join(folder, '1')), { what: 'the folder of the first one is gone' });
  });

  it('sees nothing of our environment', async () => {
    process.env['LONGTURN_TEST_KEY'] = 'canary-of-environment';
    await chromium.running();
    const seen = (await chromiumsIn(folder)).map(({ environment }) => environment).join();
    expect(seen).toContain('HOME=');
    expect(seen).not.toContain('canary-of-environment');
    delete process.env['LONGTURN_TEST_KEY'];
  });

  it('is gone with all its files after disposal', async () => {
    const dir = await browserFolder();
    const other = createChromium({ tempDir: dir, proxy: proxy.started, log: kept.log });
    await other.running();
    await other[Symbol.asyncDispose]();
    expect(await chromiumsIn(dir)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
    await expect(other.running()).rejects.toThrow('disposed');
  });
});

describe('the search for Chromium', () => {
  it('takes what it is told, or what is on PATH', async () => {
    expect(await findChromium(process.execPath)).toBe(process.execPath);
    expect(await findChromium()).toMatch(/^\/.*(chrom|Chrom)/);
  });

  it('says how to get it where there is none', async () => {
    await expect(findChromium('/nowhere/chromium')).rejects.toThrow(ChromiumNotFoundError);
    await expect(findChromium('/nowhere/chromium')).rejects.toThrow('apt-get install chromium');
  });
});
