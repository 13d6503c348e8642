import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { startHttpServer, type TestServer } from './http-server.ts';

export interface TinyVisit {
  url: URL;
  method: string;
  /** Fields of a posted form. */
  form: URLSearchParams;
  cookies: Record<string, string>;
  headers: IncomingMessage['headers'];
}

/** A page's markup, or where to go; `never`: no answer at all. */
export type TinyAnswer = string | { to: string; cookie?: string } | { status: number; html: string };

/** Starts a site of a few pages for one test file. Paths that `answer` has nothing for are 404. */
export function startTinySite(answer: (visit: TinyVisit) => TinyAnswer | undefined): Promise<TestServer> {
  return startHttpServer((request, response) => {
    reply(request, response, answer).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (visit: TinyVisit) => TinyAnswer | undefined,
): Promise<void> {
  const { headers, method = 'GET' } = request;
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  const visit: TinyVisit = {
    url: new URL(request.url ?? '/', 'http://tiny'),
    method,
    form: new URLSearchParams(method === 'POST' ? await text(request) : ''),
    cookies: Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
    headers,
  };
  const given = answer(visit) ?? { status: 404, html: '<h1>No such page</h1>' };
  if (given === 'never') return;
  if (typeof given === 'object' && 'to' in given) {
    response
      .writeHead(303, {
        location: given.to,
        ...(given.cookie && { 'set-cookie': `${given.cookie}; path=/` }),
      })
      .end();
    return;
  }
  const { status, html } = typeof given === 'string' ? { status: 200, html: given } : given;
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><body>${html}</body></html>`);
}

/** A plain login form; `more` stands below its fields. */
export function loginForm({ action = '/login', method = 'post', more = '', user = '' } = {}): string {
  return `<h1>Sign in</h1><form action="${action}" method="${method}">
    <label>User name <input name="username" autocomplete="username" value="${user}"></label>
    <label>Password <input name="password" type="password" autocomplete="current-password"></label>
    ${more}<button>Sign in</button></form>`;
}
