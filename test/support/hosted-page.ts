import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { FlowView } from '../../src/contract/index.ts';
import type { FlowRecord } from '../../src/store/auth-store.ts';
import { advance } from './auth-flows.ts';
import { launchTestBrowser } from './launch-test-browser.ts';
import { createLiveStreams } from './live-streams.ts';
import { createTestApp, type TestApp } from './test-app.ts';

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** A login whose workflow is played by a test, and the page on which a person answers it. */
export interface HostedLogin {
  page: Page;
  /** What the page's script has complained of. */
  faults: string[];
  connectionId: string;
  link: string;
  /** Stores the flow's next revision and tells the streams. */
  show(change: Partial<FlowView>): Promise<FlowView>;
  /** Tells streams to look again. */
  hint(): void;
  /** Breaks every open connection to the API. */
  dropStreams(): void;
}

/** A browser and an API with real streams over a real store. */
export interface HostedStage extends AsyncDisposable {
  test: TestApp;
  base: string;
  browser: Browser;
  /** Begins a login of a connection of its own and opens its page. */
  open(options?: {
    context?: BrowserContextOptions;
    domain?: string;
    query?: string;
    /** Of the request that begins the login. */
    body?: Record<string, unknown>;
  }): Promise<HostedLogin>;
}

export async function createHostedStage(): Promise<HostedStage> {
  const browser = await launchTestBrowser();
  let live: ReturnType<typeof createLiveStreams> | undefined;
  const test = await createTestApp({
    live: (store) => {
      live = createLiveStreams(store);
      return live;
    },
  });
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
  let count = 0;

  const open: HostedStage['open'] = async ({ context, domain = 'shop.example', query, body } = {}) => {
    count += 1;
    const made = await test.post('/auth/connections', { domain, profile_name: `profile-${count}` });
    const login = await test.post(`/auth/connections/${made.body.id}/login`, body);
    const flow: Pick<FlowRecord, 'id' | 'connectionId'> = {
      id: login.body.flow_id,
      connectionId: made.body.id,
    };
    const link = `${base}/auth/hosted/${flow.connectionId}${query ?? `?code=${login.body.handoff_code}`}`;
    const page = await (await browser.newContext(context)).newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      if (/Content Security Policy/.test(line.text())) faults.push(line.text());
    });
    const hint = () =>
      live?.feed.publish({ topic: 'auth_flow', flowId: flow.id, connectionId: flow.connectionId });
    await page.goto(link);
    return {
      page,
      faults,
      connectionId: flow.connectionId,
      link,
      hint,
      dropStreams: () => test.app.server.closeAllConnections(),
      async show(change) {
        const view = await advance(test.store, flow, change);
        hint();
        return view;
      },
    };
  };

  return {
    test,
    base,
    browser,
    open,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await live?.[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}
