import type { BrowserContext } from 'playwright-core';
import type { LoginProof, LoginVerdict } from '../../contract/index.ts';
import { newContext } from '../flow/browser-state.ts';
import type { Flow } from '../flow/flow.ts';
import { shownUrl } from '../site/shown-url.ts';
import { candidatesOf } from './candidates.ts';
import { looksInside } from './looks-inside.ts';
import { createProber, type Probe } from './probe-url.ts';
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
 * login, for a step that is not over may be shown there. Some sites show that page to everybody: then it decides how the
 * landing page looks, or a root.
 */
export async function judgeFlow(flow: Flow, signal: AbortSignal): Promise<Judgement> {
  const { landed, entries, roots, postLoginUrl } = candidatesOf(flow);
  await using comparison = compareIn(flow, signal);
  const { ask } = comparison;
  const asLanded = await firstVerdict(landed, ask);
  if (asLanded === 'logged_out') return { verdict: asLanded };
  const asEntered = await firstVerdict(entries, ask);
  const isContested = asEntered === 'logged_out' && asLanded === 'logged_in';
  if (isContested && comparison.looksInside())
    return { verdict: 'logged_in', proof: proofOf(comparison, postLoginUrl) };
  const needsRoot = isContested || (asEntered === 'unknown' && asLanded === 'unknown');
  const asRoot = needsRoot ? await firstVerdict(roots, ask) : 'unknown';
  const verdict = [asRoot, asEntered, asLanded].find((one) => one !== 'unknown') ?? 'unknown';
  if (verdict !== 'logged_in') return { verdict };
  return { verdict, proof: proofOf(comparison, postLoginUrl) };
}

const proofOf = (comparison: Comparison, postLoginUrl: string): LoginProof => ({
  urls: comparison.proved(),
  postLoginUrl,
});

/** As {@link judgeFlow} by the roots alone: for a page that shows its login form to everybody. */
export async function judgeByRoots(flow: Flow, signal: AbortSignal): Promise<Judgement> {
  await using comparison = compareIn(flow, signal);
  const verdict = await firstVerdict(candidatesOf(flow).roots, comparison.ask);
  const [url] = comparison.proved();
  if (verdict !== 'logged_in' || url === undefined) return { verdict };
  return { verdict, proof: { urls: [url], postLoginUrl: shownUrl(url) } };
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

interface Comparison extends AsyncDisposable {
  ask(url: string): Promise<LoginVerdict>;
  /** URLs that told us from a stranger, as far as they were asked. */
  proved(): string[];
  /** Whether one of those showed us what is behind a login, by what its page offers. */
  looksInside(): boolean;
}

/** Compares what URLs show in the flow's context and in an empty one. */
function compareIn(flow: Flow, signal: AbortSignal): Comparison {
  const verdicts = new Map<string, LoginVerdict>();
  let inside = false;
  const empty: { context?: BrowserContext } = {};
  const us = createProber(async () => flow.context, flow.sessionStorage);
  const stranger = createProber(async () => {
    empty.context = await newContext(flow.browser, flow.appearance);
    return empty.context;
  });

  /** Asked once a flow: what a stranger is shown does not depend on us. */
  async function strangersProbe(url: string): Promise<Probe> {
    const known = flow.anonymous.get(url);
    if (known !== undefined) return known;
    const probe = await stranger.probe(url);
    if (probe.showing !== 'unreadable') flow.anonymous.set(url, probe);
    return probe;
  }

  return {
    async ask(url: string): Promise<LoginVerdict> {
      signal.throwIfAborted();
      const known = verdicts.get(url);
      if (known !== undefined) return known;
      const theirs = strangersProbe(url);
      const ours = await us.probe(url, theirs);
      const verdict = compareShowings((await theirs).showing, ours.showing);
      verdicts.set(url, verdict);
      inside ||= verdict === 'logged_in' && looksInside(ours.exits, (await theirs).exits);
      return verdict;
    },
    proved: () => [...verdicts].flatMap(([url, verdict]) => (verdict === 'logged_in' ? [url] : [])),
    looksInside: () => inside,
    async [Symbol.asyncDispose]() {
      await us[Symbol.asyncDispose]();
      await empty.context?.close();
    },
  };
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
