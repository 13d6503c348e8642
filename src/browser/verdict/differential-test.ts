import type { BrowserContext } from 'playwright-core';
import type { LoginProof, LoginVerdict } from '../../contract/index.ts';
import { newContext } from '../flow/browser-state.ts';
import type { Flow } from '../flow/flow.ts';
import { shownUrl } from '../site/shown-url.ts';
import { candidatesOf } from './candidates.ts';
import { type Probe, probeUrl } from './probe-url.ts';
import { compareShowings } from './showing.ts';

export interface Judgement {
  verdict: LoginVerdict;
  /** Where the verdict is `logged_in`. */
  proof?: LoginProof;
}

/**
 * Whether a flow is logged in: what its URLs show in its context, on pages of their own, compared with what they show in
 * an empty one. The flow's own page is not touched.
 *
 * A login form in ours means logged out. Where the login landed decides only together with the entry or the page of the
 * login, for a step that is not over may be shown there. Some sites show that page to everybody: then a root decides.
 */
export async function judgeFlow(flow: Flow, signal: AbortSignal): Promise<Judgement> {
  const { landed, entries, roots, postLoginUrl } = candidatesOf(flow);
  const verdicts = new Map<string, LoginVerdict>();
  const ask = async (url: string) => {
    signal.throwIfAborted();
    const verdict = verdicts.get(url) ?? (await compareAt(flow, url));
    verdicts.set(url, verdict);
    return verdict;
  };
  const asLanded = await firstVerdict(landed, ask);
  if (asLanded === 'logged_out') return { verdict: asLanded };
  const asEntered = await firstVerdict(entries, ask);
  const isClear = asEntered !== 'unknown' && (asEntered === 'logged_in' || asLanded === 'unknown');
  const needsRoot = !isClear && (asEntered !== 'unknown' || asLanded === 'unknown');
  const asRoot = needsRoot ? await firstVerdict(roots, ask) : 'unknown';
  const verdict = [asRoot, asEntered, asLanded].find((one) => one !== 'unknown') ?? 'unknown';
  if (verdict !== 'logged_in') return { verdict };
  const urls = [...verdicts].flatMap(([url, at]) => (at === 'logged_in' ? [url] : []));
  return { verdict, proof: { urls, postLoginUrl } };
}

/** As {@link judgeFlow} by the roots alone: for a page that shows its login form to everybody. */
export async function judgeByRoots(flow: Flow, signal: AbortSignal): Promise<Judgement> {
  const { roots, postLoginUrl } = candidatesOf(flow);
  for (const url of roots) {
    signal.throwIfAborted();
    const verdict = await compareAt(flow, url);
    if (verdict === 'logged_in')
      return { verdict, proof: { urls: [url], postLoginUrl: shownUrl(url) || postLoginUrl } };
    if (verdict === 'logged_out') return { verdict };
  }
  return { verdict: 'unknown' };
}

/** The verdict of the first URL that has one. */
async function firstVerdict(
  urls: string[],
  ask: (url: string) => Promise<LoginVerdict>,
): Promise<LoginVerdict> {
  for (const url of urls) {
    const verdict = await ask(url);
    if (verdict !== 'unknown') return verdict;
  }
  return 'unknown';
}

async function compareAt(flow: Flow, url: string): Promise<LoginVerdict> {
  const stranger = strangersProbe(flow, url);
  const [theirs, ours] = await Promise.all([
    stranger,
    probeUrl(flow.context, url, { storage: flow.sessionStorage, stranger }),
  ]);
  return compareShowings(theirs.showing, ours.showing);
}

/** Asked once a flow: what a stranger is shown does not depend on us. */
async function strangersProbe(flow: Flow, url: string): Promise<Probe> {
  const known = flow.anonymous.get(url);
  if (known !== undefined) return known;
  const probe = await inEmptyContext(flow, (context) => probeUrl(context, url));
  if (probe.showing !== 'unreadable') flow.anonymous.set(url, probe);
  return probe;
}

/** Runs something in a context that holds nothing and looks like the flow's. */
export async function inEmptyContext<T>(
  { browser, appearance }: Pick<Flow, 'browser' | 'appearance'>,
  run: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await newContext(browser, appearance);
  try {
    return await run(context);
  } finally {
    await context.close();
  }
}
