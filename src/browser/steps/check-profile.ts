import type { Browser } from 'playwright-core';
import { newContext, storageOf } from '../context/browser-state.ts';
import type { Checked, CheckRequest } from '../login-browser.ts';
import type { NavigationPolicy } from '../site/navigation-policy.ts';
import { createProber } from '../verdict/probe-url.ts';
import { compareAtProof } from '../verdict/showing.ts';
import { inEmptyContext } from '../verdict/stranger.ts';

/**
 * Whether a profile's state is still logged in, by the URLs of its proof. The first that has a verdict decides; without one
 * it is `unknown`.
 */
export async function checkProfile(
  browser: Browser,
  { state, proof }: CheckRequest,
  policy: NavigationPolicy,
  signal: AbortSignal,
): Promise<Checked> {
  const ours = await newContext(browser, state, state.storage, state.httpAuth);
  try {
    return await inEmptyContext({ browser, appearance: state }, async (empty) => {
      await using stranger = createProber(async () => empty);
      await using us = createProber(async () => ours, state.sessionStorage);
      for (const url of proof.urls.filter(policy.isSite)) {
        signal.throwIfAborted();
        const theirs = stranger.probe(url);
        const own = await us.probe(url, theirs);
        const { showing } = await theirs;
        // The site does not answer: further URLs would only take their time-outs.
        if (showing === 'unreadable' && own.showing === 'unreadable') break;
        const verdict = compareAtProof(showing, own.showing);
        if (verdict === 'logged_out') return { verdict };
        if (verdict === 'unknown') continue;
        const [storage, sessionStorage] = [await storageOf(ours), await us.sessionStorage()];
        return { verdict, state: { ...state, storage, sessionStorage } };
      }
      return { verdict: 'unknown' };
    });
  } finally {
    await ours.close();
  }
}
