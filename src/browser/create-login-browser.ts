import type { Logger } from 'pino';
import { lazyProxy } from '../outbound/lazy-proxy.ts';
import type { OutboundGuard } from '../outbound/outbound-guard.ts';
import type { Resolve } from '../outbound/resolve.ts';
import { createBrowserGuard } from './browser-guard.ts';
import { type Chromium, createChromium } from './chromium/chromium.ts';
import { withBrowser } from './chromium/with-browser.ts';
import { createContextTable } from './context/context-table.ts';
import { captureState, type LoginContext, startLoginContext } from './context/login-context.ts';
import { runFirstStep } from './context/run-first-step.ts';
import { documentUrl } from './http-auth/challenge.ts';
import type { LoginBrowser, OpenRequest } from './login-browser.ts';
import { takePreview } from './preview/take-preview.ts';
import { reportFrames } from './report/report-frames.ts';
import { createSealed } from './sealed.ts';
import { createNavigationPolicy, rootOf } from './site/navigation-policy.ts';
import { actInLogin } from './steps/act-in-login.ts';
import { backFromWindow } from './steps/back-from-window.ts';
import { checkProfile } from './steps/check-profile.ts';
import { openLogin } from './steps/open-login.ts';
import { parkLogin, resumeLogin } from './steps/park.ts';
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
  /** Longest wait of an opening or a check for a slot, in milliseconds. Default 20 s. */
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
  const proxy = lazyProxy({ guard, log });
  const chromium = createChromium({
    tempDir,
    proxy: proxy.started,
    log,
    ...(executablePath && { executablePath }),
  });
  const contexts = createContextTable({ maxContexts, idleMs, roomMs });

  const inContext = <T>(step: string, flowId: string, run: (login: LoginContext) => Promise<T>) =>
    sealed(step, () => contexts.use(flowId, step, run));
  const added = (request: OpenRequest, signal: AbortSignal) =>
    contexts.add(request.flowId, signal, (onCrash) => start(request, { chromium, guard, onCrash }));

  return {
    warmUp: () =>
      sealed('warm_up', async () => {
        await chromium.running();
      }),
    open: (request, signal) =>
      sealed('open', async () =>
        runFirstStep(contexts, await added(request, signal), signal, (login) =>
          openLogin(login, request, guard, signal),
        ),
      ),
    resume: (request, signal) =>
      sealed('resume', async () =>
        runFirstStep(
          contexts,
          await added({ ...request, state: request.parked.state }, signal),
          signal,
          (login) => resumeLogin(login, request.parked, signal),
        ),
      ),
    observe: (flowId, signal) =>
      inContext('observe', flowId, async (login) =>
        backFromWindow(login, await viewPage(login, { signal }), signal),
      ),
    whereabouts: (flowId) =>
      inContext('whereabouts', flowId, async (login) => {
        const url = documentUrl(login.pages.current());
        const ssoProvider = providerOf(login, url);
        return { url, ...(ssoProvider !== undefined && { ssoProvider }) };
      }),
    act: (flowId, act, signal) => inContext('act', flowId, (login) => actInLogin(login, act, signal)),
    waitExternal: (flowId, fingerprint, signal) =>
      inContext('wait_external', flowId, async (login) =>
        backFromWindow(login, await waitExternal(login, fingerprint, signal), signal),
      ),
    reading: (flowId, known) =>
      inContext(
        'reading',
        flowId,
        async ({ lastReading, scrubber }) =>
          lastReading?.frames && reportFrames(lastReading.frames, scrubber, known),
      ),
    preview: (flowId, request) => inContext('preview', flowId, (login) => takePreview(login, request)),
    capture: (flowId) => inContext('capture', flowId, captureState),
    park: (flowId) =>
      inContext('park', flowId, async (login) => {
        const parked = await parkLogin(login);
        await contexts.close(flowId, login);
        return parked;
      }),
    close: (flowId) => sealed('close', () => contexts.close(flowId)),
    watch: (flowId, signal) => sealed('watch', () => contexts.watch(flowId, signal)),
    openContexts: contexts.size,
    check: (request, signal) =>
      sealed('check', () =>
        contexts.withContext('check', signal, () =>
          withBrowser(chromium, (browser) =>
            checkProfile(browser, request, createNavigationPolicy(request.site, guard), signal),
          ),
        ),
      ),
    async [Symbol.asyncDispose]() {
      await sealed('dispose', async () => {
        await contexts.closeAll();
        await chromium[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      });
    },
  };
}

interface StartDeps {
  chromium: Chromium;
  guard: OutboundGuard;
  onCrash: () => void;
}

async function start(
  { flowId, site, state }: OpenRequest,
  { chromium, guard, onCrash }: StartDeps,
): Promise<LoginContext> {
  const rootUrl = rootOf(site.domain, guard);
  const policy = createNavigationPolicy(site, guard);
  const entryUrl = site.loginUrl ?? rootUrl;
  return withBrowser(chromium, (browser) =>
    startLoginContext({
      id: flowId,
      site,
      policy,
      rootUrl,
      entryUrl,
      browser,
      onCrash,
      ...(state && { state }),
    }),
  );
}
