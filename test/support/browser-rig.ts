import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLoginBrowser, type LoginBrowserOptions } from '../../src/browser/create-login-browser.ts';
import type { ActResult, LoginBrowser, PageAct, Site } from '../../src/browser/login-browser.ts';
import type { PageView } from '../../src/contract/index.ts';
import { createLogger } from '../../src/logger.ts';

/** A logger whose lines are kept. */
export function keptLog(): { log: ReturnType<typeof createLogger>; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

/** A folder for one browser, below the system's. */
export function browserFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'longturn-browser-'));
}

/** A login browser for tests. */
export interface BrowserRig extends AsyncDisposable {
  browser: LoginBrowser;
  folder: string;
  /** What was logged. */
  lines: string[];
}

export async function startBrowserRig(
  options: Partial<LoginBrowserOptions> & Pick<LoginBrowserOptions, 'allow'>,
): Promise<BrowserRig> {
  const folder = await browserFolder();
  const { log, lines } = keptLog();
  const browser = createLoginBrowser({ tempDir: folder, log, ...options });
  return { browser, folder, lines, [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose]() };
}

let flows = 0;

/** A flow of a test's own; it is closed with the test, in each of these browsers. */
export function newFlow(...rigs: BrowserRig[]): { flowId: string } & AsyncDisposable {
  flows += 1;
  const flowId = `flow-${flows}`;
  return {
    flowId,
    async [Symbol.asyncDispose]() {
      await Promise.all(rigs.map(({ browser }) => browser.close(flowId)));
    },
  };
}

/** A signal that is never in the way of a test that goes well. */
export const patience = () => AbortSignal.timeout(50_000);

/** The site of a server on this host, from a page of it on. */
export function siteAt(url: string, allowedDomains: string[] = []): Site {
  return { domain: new URL(url).host, loginUrl: url, allowedDomains };
}

export type FormView = Extract<PageView, { kind: 'form' }>;

/** The view, which must be a form. */
export function asForm(view: PageView | undefined): FormView {
  if (view?.kind === 'form') return view;
  throw new Error(`expected a form, got ${JSON.stringify(view)}`);
}

/** The act that answers a form: values by credential key. */
export function answerTo(form: FormView, values: Record<string, string>): PageAct {
  const fill = form.fields.map(({ id, ref }) => ({ fieldId: id, value: values[ref] ?? '' }));
  return { fingerprint: form.fingerprint, fill, submit: true };
}

/** Answers the form that a flow shows, and returns what comes. */
export function submitForm(
  browser: LoginBrowser,
  flowId: string,
  view: PageView | undefined,
  values: Record<string, string>,
): Promise<ActResult> {
  return browser.act(flowId, answerTo(asForm(view), values), patience());
}
