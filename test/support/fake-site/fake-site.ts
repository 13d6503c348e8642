import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultUser, type FakeUser } from './accounts.ts';
import { answerVisit, type Mount } from './answer-visit.ts';
import { createControlRoutes } from './control-routes.ts';
import { createControls, type FakeSiteControls } from './controls.ts';
import { type Listening, listen } from './listen.ts';
import type { SentMessage } from './outbox.ts';
import { publicPage } from './public-page.ts';
import { scenarios } from './scenarios/all.ts';
import { ssoOrigin } from './scenarios/sso-origin.ts';
import { createSiteState, type SiteState } from './site-state.ts';

export interface FakeSiteOptions {
  /** Default 0: any free port. */
  port?: number;
  /** The advertised host; default `localhost`, which listens on 127.0.0.1 and ::1. */
  host?: string;
  ssoPort?: number;
  /** Default `127.0.0.1`, so that the two origins differ in host name as well. */
  ssoHost?: string;
  /** Default: {@link defaultUser} alone. */
  users?: readonly FakeUser[];
  /** How long a login lasts in `expiring`; default 30. */
  sessionSeconds?: number;
  /** How long `slow` thinks; default 1500. */
  slowMs?: number;
  /** The clock, Unix milliseconds; default `Date.now`. */
  now?: () => number;
  /** Told of every code, link and push as it is "sent". */
  onMessage?: (message: SentMessage) => void;
}

/** A running fake site: see `scenarios/all.ts` for what it has. */
export interface FakeSite extends FakeSiteControls, AsyncDisposable {
  /** `http://localhost:<port>` */
  origin: string;
  /** `localhost:<port>` */
  host: string;
  /** The second origin, `http://127.0.0.1:<port>`. */
  ssoOrigin: string;
  ssoHost: string;
  /** The page with the login form (or the button that opens it). */
  loginUrl(scenario: string): string;
  /** The page behind the login. */
  homeUrl(scenario: string): string;
}

/** Starts the site and its second origin. Everything is kept in memory. */
export async function startFakeSite(options: FakeSiteOptions = {}): Promise<FakeSite> {
  const { host = 'localhost', ssoHost = '127.0.0.1', sessionSeconds = 30, slowMs = 1500 } = options;
  const site = createSiteState({
    users: options.users ?? [defaultUser],
    settings: { sessionSeconds, slowMs },
    now: options.now ?? Date.now,
    onMessage: options.onMessage ?? (() => undefined),
  });
  const controls = createControls(site);
  const main = await listen(host, options.port ?? 0, siteListener(site, controls));
  const second = await listenSecond(main, () => listen(ssoHost, options.ssoPort ?? 0, ssoListener(site)));
  const hosts = { host: `${host}:${main.port}`, ssoHost: `${ssoHost}:${second.port}` };
  site.origins = { site: `http://${hosts.host}`, sso: `http://${hosts.ssoHost}` };
  return {
    ...controls,
    ...hosts,
    origin: site.origins.site,
    ssoOrigin: site.origins.sso,
    loginUrl: (name) => `${site.origins.site}/${name}${scenarioOf(name).loginPath ?? '/login'}`,
    homeUrl: (name) => `${site.origins.site}/${scenarioOf(name).name}/`,
    async [Symbol.asyncDispose]() {
      site.gates.releaseAll();
      await Promise.all([main[Symbol.asyncDispose](), second[Symbol.asyncDispose]()]);
    },
  };
}

async function listenSecond(first: Listening, start: () => Promise<Listening>): Promise<Listening> {
  try {
    return await start();
  } catch (error) {
    await first[Symbol.asyncDispose]();
    throw error;
  }
}

function siteListener(site: SiteState, controls: FakeSiteControls) {
  const mounts = new Map(
    scenarios.map((scenario) => [scenario.name, { scenario, base: `/${scenario.name}` }]),
  );
  const front: Mount = { scenario: publicPage, base: '' };
  const control = createControlRoutes(controls);
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://site');
    const [, name = '', rest] = url.pathname.split('/');
    if (name === '__control') {
      settle(control(request, response, url), response);
      return;
    }
    const mount = mounts.get(name);
    if (mount !== undefined && rest === undefined) {
      response.writeHead(302, { location: `/${name}/${url.search}` }).end();
      return;
    }
    settle(answerVisit(site, mount ?? front, request, response), response);
  };
}

function ssoListener(site: SiteState) {
  const mount: Mount = { scenario: ssoOrigin, base: '', reportedAs: 'sso' };
  return (request: IncomingMessage, response: ServerResponse): void =>
    settle(answerVisit(site, mount, request, response), response);
}

function settle(answering: Promise<void>, response: ServerResponse): void {
  answering.catch((error: unknown) => {
    // A browser that was killed in the middle of its request is no concern of the site.
    if (response.headersSent || response.destroyed) return;
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
  });
}

function scenarioOf(name: string) {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(`The fake site has no scenario "${name}"; see test/support/fake-site/scenarios/all.ts.`);
}
