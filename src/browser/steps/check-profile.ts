import type { Browser } from 'playwright-core';
import type { LoginVerdict } from '../../contract/index.ts';
import { newContext } from '../flow/browser-state.ts';
import type { CheckRequest } from '../login-browser.ts';
import type { NavigationPolicy } from '../site/navigation-policy.ts';
import { inEmptyContext } from '../verdict/differential-test.ts';
import { createProber } from '../verdict/probe-url.ts';
import { compareAtProof } from '../verdict/showing.ts';

/**
 * Whether a profile's state is still logged in, by the URLs that told the two apart at login. The first that still does
 * decides; where none does, it is not known.
 */
export async function checkProfile(
  browser: Browser,
  { state, proof }: CheckRequest,
  policy: NavigationPolicy,
  signal: AbortSignal,
): Promise<LoginVerdict> {
  const ours = await newContext(browser, state, state.storage);
  try {
    return await inEmptyContext({ browser, appearance: state }, async (empty) => {
      await using stranger = createProber(async () => empty);
      await using us = createProber(async () => ours, state.sessionStorage);
      for (const url of proof.urls.filter(policy.isSite)) {
        signal.throwIfAborted();
        const theirs = stranger.probe(url);
        const own = await us.probe(url, theirs);
        const verdict = compareAtProof((await theirs).showing, own.showing);
        if (verdict !== 'unknown') return verdict;
      }
      return 'unknown';
    });
  } finally {
    await ours.close();
  }
}
