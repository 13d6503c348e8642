import type { LoginProof, LoginVerdict } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import type { PageReading } from '../page/page-reading.ts';
import { shownUrl } from '../site/shown-url.ts';
import { candidatesOf } from './candidates.ts';
import { looksInside } from './looks-inside.ts';
import { createProber } from './probe-url.ts';
import { compareShowings, showingOf } from './showing.ts';
import { strangersProbe } from './stranger.ts';

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
 * first). Where the login's page asks nothing, and an entry at which the stranger is shown a form says `logged_in`, that is
 * proof enough, and no other URL is opened. Else the landing page's `logged_out` ends it. Else the entries decide, and the
 * landing page only where they are `unknown`, for a step of a login that is not over may be shown there. Where the entries say
 * `logged_out` and the landing page `logged_in`, the site may show its login page to everybody: the landing page decides if
 * it looks like one behind a login (looks-inside.ts), else a root does. A root also decides where both are `unknown`. URLs
 * that said `logged_in` are the proof of the login; a health check (steps/check-profile.ts) asks only those.
 *
 * What the stranger is shown does not depend on the login, so it is opened while the login's page is acted on (stranger.ts).
 */

export interface Judgement {
  verdict: LoginVerdict;
  /** Where the verdict is `logged_in`. */
  proof?: LoginProof;
}

/** Whether a login's context is logged in; `reading`: what its page shows. */
export async function judgeLogin(
  login: LoginContext,
  reading: PageReading,
  comparison: Comparison,
): Promise<Judgement> {
  const provedAtEntry = await proveAtEntry(login, reading, comparison);
  if (provedAtEntry !== undefined) return { verdict: 'logged_in', proof: provedAtEntry };
  const { landed, entries, roots, postLoginUrl } = candidatesOf(login);
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

/**
 * The proof by an entry alone, where the login's page asks nothing. A link to log in is none: a page may have it that shows
 * nothing else.
 */
export async function proveAtEntry(
  login: LoginContext,
  reading: PageReading,
  comparison: Comparison,
): Promise<LoginProof | undefined> {
  if (showingOf(reading) !== 'nothing') return undefined;
  const { entries, postLoginUrl } = candidatesOf(login);
  for (const url of entries) {
    const { showing } = await strangersProbe(login, url);
    if (showing !== 'form' && showing !== 'offer') continue;
    return (await comparison.ask(url)) === 'logged_in' ? proofOf(comparison, postLoginUrl) : undefined;
  }
  return undefined;
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

/** Compares what URLs show in the login's context and in an empty one; each is opened once. */
export interface Comparison extends AsyncDisposable {
  /** Opens an empty page in the login's context, so that the first URL need not wait for it. */
  prepare(): void;
  ask(url: string): Promise<LoginVerdict>;
  /** URLs that were asked and said `logged_in`. */
  proved(): string[];
  /** Whether the page of one of those looks like one behind a login. */
  looksInside(): boolean;
}

export function compareIn(login: LoginContext, signal: AbortSignal): Comparison {
  const verdicts = new Map<string, LoginVerdict>();
  let inside = false;
  const us = createProber(async () => login.context, login.sessionStorage);
  return {
    prepare: us.prepare,
    async ask(url: string): Promise<LoginVerdict> {
      signal.throwIfAborted();
      const known = verdicts.get(url);
      if (known !== undefined) return known;
      const theirs = strangersProbe(login, url);
      const ours = await us.probe(url, theirs);
      const verdict = compareShowings((await theirs).showing, ours.showing);
      verdicts.set(url, verdict);
      inside ||= verdict === 'logged_in' && looksInside(ours.exits, (await theirs).exits);
      return verdict;
    },
    proved: () => [...verdicts].flatMap(([url, verdict]) => (verdict === 'logged_in' ? [url] : [])),
    looksInside: () => inside,
    async [Symbol.asyncDispose]() {
      // Nobody waits for its end; where the browser has died there is nothing to close.
      Promise.resolve(us[Symbol.asyncDispose]()).catch(() => undefined);
    },
  };
}
