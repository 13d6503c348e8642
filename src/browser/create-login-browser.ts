import type { Logger } from 'pino';
import { createLazyProxy } from '../outbound/lazy-proxy.ts';
import type { OutboundGuard } from '../outbound/outbound-guard.ts';
import type { Resolve } from '../outbound/resolve.ts';
import { createBrowserGuard } from './browser-guard.ts';
import { type Chromium, createChromium } from './chromium/chromium.ts';
import { withBrowser } from './chromium/with-browser.ts';
import { captureState, type Flow, startFlow } from './flow/flow.ts';
import { createFlowTable } from './flow/flow-table.ts';
import { opened } from './flow/opened.ts';
import type { LoginBrowser, OpenRequest } from './login-browser.ts';
import { createSealed } from './sealed.ts';
import { createNavigationPolicy, rootOf } from './site/navigation-policy.ts';
import { actOnPage } from './steps/act-on-page.ts';
import { checkProfile } from './steps/check-profile.ts';
import { openLogin } from './steps/open-login.ts';
import { parkFlow, resumeLogin } from './steps/park.ts';
import { providerOf, viewPage } from './steps/view-page.ts';
import { waitExternal } from './steps/wait-external.ts';

export interface LoginBrowserOptions {
  /** Chromium's program; default: the first of the usual names on PATH. */
  executablePath?: string;
  /** Private addresses that the browser may reach: `host:port`, lower case; plain http only for loopback names in it. */
  allow: readonly string[];
  /** Folder of this process alone, for all that the browser writes; emptied at the start, gone after disposal. */
  tempDir: string;
  /** Most contexts that are open at once. Default 20. */
  maxContexts?: number;
  /** After how long a context is closed that nobody uses or watches. Default 30 s. */
  idleMs?: number;
  /** How long an opening or a check waits for room at most. Default 20 s. */
  roomMs?: number;
  /** How names are resolved; default: as the system does. */
  resolve?: Resolve;
  log: Logger;
}

/** Makes the browser of this process; Chromium is started when it is first needed. */
export function createLoginBrowser(options: LoginBrowserOptions): LoginBrowser {
  const { allow, resolve, log, tempDir, executablePath } = options;
  const { maxContexts = 20, idleMs = 30_000, roomMs = 20_000 } = options;
  const sealed = createSealed(log);
  const guard = createBrowserGuard({ allow, ...(resolve && { resolve }) });
  const proxy = createLazyProxy({ guard, log });
  const chromium = createChromium({
    tempDir,
    proxy: proxy.started,
    log,
    ...(executablePath && { executablePath }),
  });
  const flows = createFlowTable({ maxContexts, idleMs, roomMs });

  const inFlow = <T>(step: string, flowId: string, run: (flow: Flow) => Promise<T>) =>
    sealed(step, () => flows.use(flowId, step, run));
  const begun = (request: OpenRequest, signal: AbortSignal) =>
    flows.add(request.flowId, signal, (onCrash) => begin(request, { chromium, guard, onCrash }));

  return {
    warmUp: () =>
      sealed('warm_up', async () => {
        await chromium.running();
      }),
    open: (request, signal) =>
      sealed('open', async () =>
        opened(flows, await begun(request, signal), signal, (flow) =>
          openLogin(flow, request, guard, signal),
        ),
      ),
    resume: (request, signal) =>
      sealed('resume', async () =>
        opened(flows, await begun({ ...request, state: request.parked.state }, signal), signal, (flow) =>
          resumeLogin(flow, request.parked, signal),
        ),
      ),
    observe: (flowId, signal) => inFlow('observe', flowId, (flow) => viewPage(flow, { signal })),
    whereabouts: (flowId) =>
      inFlow('whereabouts', flowId, async (flow) => {
        const url = flow.pages.current().url();
        const ssoProvider = providerOf(flow, url);
        return { url, ...(ssoProvider !== undefined && { ssoProvider }) };
      }),
    act: (flowId, act, signal) => inFlow('act', flowId, (flow) => actOnPage(flow, act, signal)),
    waitExternal: (flowId, fingerprint, signal) =>
      inFlow('wait_external', flowId, (flow) => waitExternal(flow, fingerprint, signal)),
    capture: (flowId) => inFlow('capture', flowId, captureState),
    park: (flowId) =>
      inFlow('park', flowId, async (flow) => {
        const parked = await parkFlow(flow);
        await flows.close(flowId, flow);
        return parked;
      }),
    close: (flowId) => sealed('close', () => flows.close(flowId)),
    watch: (flowId, signal) => sealed('watch', () => flows.watch(flowId, signal)),
    openContexts: flows.size,
    check: (request, signal) =>
      sealed('check', () =>
        flows.withContext('check', signal, () =>
          withBrowser(chromium, (browser) =>
            checkProfile(browser, request, createNavigationPolicy(request.site, guard), signal),
          ),
        ),
      ),
    async [Symbol.asyncDispose]() {
      await sealed('dispose', async () => {
        await flows.closeAll();
        await chromium[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      });
    },
  };
}

interface Beginning {
  chromium: Chromium;
  guard: OutboundGuard;
  onCrash: () => void;
}

async function begin(
  { flowId, site, state }: OpenRequest,
  { chromium, guard, onCrash }: Beginning,
): Promise<Flow> {
  const rootUrl = rootOf(site.domain, guard);
  const policy = createNavigationPolicy(site, guard);
  const entryUrl = site.loginUrl ?? rootUrl;
  return withBrowser(chromium, (browser) =>
    startFlow({ id: flowId, site, policy, rootUrl, entryUrl, browser, onCrash, ...(state && { state }) }),
  );
}
