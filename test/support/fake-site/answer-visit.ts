import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { commonRoutes, notFound } from './common-routes.ts';
import type { Reply } from './reply.ts';
import type { Handler, Routes, Scenario } from './scenario.ts';
import type { SiteState } from './site-state.ts';
import { cookieOf, readFields, type Visit } from './visit.ts';

const cookieName = 'sid';

/** Where a scenario is mounted. */
export interface Mount {
  scenario: Scenario;
  /** Path prefix, without a slash at its end. */
  base: string;
  /** The scenario's name in the attempt log and for held answers; default its own. */
  reportedAs?: string;
}

/** Answers a request to a mounted scenario, holds and delays included. */
export async function answerVisit(
  site: SiteState,
  mount: Mount,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { base, scenario } = mount;
  const url = new URL(request.url ?? '/', site.origins.site);
  const fields = request.method === 'POST' ? await readFields(request) : {};
  const visit: Visit = {
    site,
    scenario: scenario.name,
    reportedAs: mount.reportedAs ?? scenario.name,
    base,
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    path: url.pathname.slice(base.length) || '/',
    query: url.searchParams,
    fields,
    headers: request.headers,
    session: site.sessions.find(scenario.name, cookieOf(request, cookieName)),
    cookieChanged: false,
  };
  const reply = await handlerOf(scenario, visit)(visit);
  if (visit.method === 'POST') await site.gates.pass(visit.reportedAs);
  if (reply.delayMs !== undefined) await delay(reply.delayMs, undefined, { ref: false });
  if (reply.never !== true) send(visit, reply, response);
}

function handlerOf(scenario: Scenario, visit: Visit): Handler {
  const key = `${visit.method} ${visit.path}` as keyof Routes;
  return scenario.routes[key] ?? commonRoutes[key] ?? notFound;
}

function send(visit: Visit, reply: Reply, response: ServerResponse): void {
  const { session, base } = visit;
  if (visit.cookieChanged) {
    const value = session === undefined ? '; Max-Age=0' : session.id;
    response.setHeader('set-cookie', `${cookieName}=${value}; Path=${base}/; HttpOnly; SameSite=Lax`);
  }
  response.writeHead(reply.status, { 'cache-control': 'no-store', ...reply.headers });
  response.end(reply.body);
}
