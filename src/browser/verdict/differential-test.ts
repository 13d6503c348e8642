import type { BrowserContext } from 'playwright-core';
import type { LoginProof, LoginVerdict } from '../../contract/index.ts';
import { newContext } from '../context/browser-state.ts';
import type { LoginContext } from '../context/login-context.ts';
import { shownUrl } from '../site/shown-url.ts';
import { candidatesOf } from './candidates.ts';
import { looksInside } from './looks-inside.ts';
import { createProber, type Probe } from './probe-url.ts';
import { compareShowings } from './showing.ts';

/*
 * The differential verdict: is a browser context logged in to a site?
 *
 * A URL is opened in the login's context ("ours") and in an empty one ("the stranger's"), each on a page of its own; the
 * login's page is not touched. showing.ts reduces what a page shows to one of `form`, `offer`, `link`, `change_password`,
 * `nothing`, `unreadable`, and the two of a URL to a verdict:
 *
 *   logged_out  ours is a login form, or both are offers to log in elsewhere
 *   logged_in   the stranger is asked to log in (form, offer, link), and ours shows nothing of that
 *   unknown     everything else; it proves nothing
 *
 * candidates.ts names the URLs: where the login landed, the entries (where a login begins), the roots (what anybody opens
 * first). The landing page's `logged_out` ends it. Else the entries decide, and the landing page only where they are
 * `unknown`, for a step of a login that is not over may be shown there. Where the entries say `logged_out` and the landing
 * page `logged_in`, the site may show its login page to everybody: the landing page decides if it looks like one behind a
 * login (looks-inside.ts), else a root does. A root also decides where both are `unknown`. URLs that said `logged_in` are the
 * proof of the login; a health check (steps/check-profile.ts) asks only those.
 */

export interface Judgement {
  verdict: LoginVerdict;
  /** Where the verdict is `logged_in`. */
  proof?: LoginProof;
}

/** Whether a login's context is logged in. */
export async function judgeLogin(login: LoginContext, signal: AbortSignal): Promise<Judgement> {
  const { landed, entries, roots, postLoginUrl } = candidatesOf(login);
  await using comparison = compareIn(login, signal);
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

/** As {@link judgeLogin}, by the roots alone: for a site that shows its login form to everybody. */
export async function judgeByRoots(login: LoginContext, signal: AbortSignal): Promise<Judgement> {
  await using comparison = compareIn(login, signal);
  const verdict = await firstVerdict(candidatesOf(login).roots, comparison.ask);
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
  /** URLs that were asked and said `logged_in`. */
  proved(): string[];
  /** Whether the page of one of those looks like one behind a login. */
  looksInside(): boolean;
}

/** Compares what URLs show in the login's context and in an empty one; each is opened once. */
function compareIn(login: LoginContext, signal: AbortSignal): Comparison {
  const verdicts = new Map<string, LoginVerdict>();
  let inside = false;
  const empty: { context?: BrowserContext } = {};
  const us = createProber(async () => login.context, login.sessionStorage);
  const stranger = createProber(async () => {
    empty.context = await newContext(login.browser, login.appearance);
    return empty.context;
  });

  /** Opened once for each login: what the stranger is shown does not depend on ours. */
  async function strangersProbe(url: string): Promise<Probe> {
    const known = login.anonymous.get(url);
    if (known !== undefined) return known;
    const probe = await stranger.probe(url);
    if (probe.showing !== 'unreadable') login.anonymous.set(url, probe);
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

/** Runs something in an empty context that presents itself as the login's does. */
export async function inEmptyContext<T>(
  { browser, appearance }: Pick<LoginContext, 'browser' | 'appearance'>,
  run: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await newContext(browser, appearance);
  try {
    return await run(context);
  } finally {
    await context.close();
  }
}
