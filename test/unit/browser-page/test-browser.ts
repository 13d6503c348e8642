import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import type { ActFacts } from '../../../src/browser/page/acting.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { launchTestBrowser } from '../../support/launch-test-browser.ts';

/** One request that a test site got. */
export interface SeenRequest {
  method: string;
  path: string;
  body: string;
}

type Answer = string | { status: number; html: string; location?: string };

/** Answers of a test site by `METHOD /path`: a page's markup, or what the function says. */
export type Answers = Record<string, string | ((body: string) => Answer | Promise<Answer>)>;

/** A small site on a port of its own. */
export interface TestSite extends AsyncDisposable {
  origin: string;
  requests: SeenRequest[];
}

/** A Chromium for the tests of a file. */
export function useBrowser(): {
  open(html?: string): Promise<Page>;
  read(html: string): Promise<PageReading>;
} {
  let browser: Browser | undefined;
  let page: Page | undefined;
  beforeAll(async () => {
    browser = await launchTestBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const open = async (html?: string): Promise<Page> => {
    await page?.context().close();
    const context = await browser!.newContext({ locale: 'en-GB' });
    page = await context.newPage();
    if (html !== undefined) await page.setContent(documentOf(html));
    return page;
  };
  const read = async (html: string): Promise<PageReading> => {
    if (page === undefined || page.isClosed() || page.url() !== 'about:blank')
      return readPage(await open(html));
    await page.setContent(documentOf(html));
    return readPage(page);
  };
  return { open, read };
}

/** Serves a site until it is disposed of. */
export async function serve(answers: Answers): Promise<TestSite> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    requests.push({ method: request.method ?? '', path, body });
    const answer = answers[`${request.method} ${path}`];
    const told = typeof answer === 'function' ? await answer(body) : answer;
    const { status, html, location } =
      told === undefined
        ? { status: 404, html: 'Not found' }
        : typeof told === 'string'
          ? { status: 200, html: told }
          : (told as { status: number; html: string; location?: string });
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      ...(location !== undefined && { location }),
    });
    response.end(documentOf(html));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Fields of a reading in short: `ref:type`. */
export function asked(reading: PageReading): string[] {
  return reading.fields.map(({ ref, type }) => `${ref}:${type}`);
}

/** Choices of a reading in short: `type label`, with what is known of each. */
export function offered(reading: PageReading): string[] {
  return reading.choices.map(({ type, label, provider, mfaType, maskedDestination }) =>
    [type, label, provider ?? mfaType, maskedDestination].filter(Boolean).join(' | '),
  );
}

function documentOf(html: string): string {
  return html.startsWith('<!doctype')
    ? html
    : `<!doctype html><html><head><title>Northwind</title></head><body>${html}</body></html>`;
}

/** Opens a site's login, acts on it as `actFor` says, and tells what the site got. */
export async function actAt(page: Page, html: string, actFor: (reading: PageReading) => PageAct) {
  await using site = await serve({ 'GET /login': html, 'POST /login': '<h1>Welcome</h1>' });
  await page.goto(`${site.origin}/login`);
  const reading = await readPage(page);
  let facts: ActFacts | undefined;
  const onFacts = (known: ActFacts) => {
    facts = known;
  };
  const outcome = await performAct(page, actFor(reading), { isAllowed: () => true, onFacts });
  const posts = site.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { page, reading, outcome, facts, posts, after: posts.length > 0 ? reading : await readPage(page) };
}
