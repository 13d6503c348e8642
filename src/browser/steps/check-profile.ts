import type { Browser } from 'playwright-core';
import type { LoginVerdict } from '../../contract/index.ts';
import { newContext } from '../flow/browser-state.ts';
import type { CheckRequest } from '../login-browser.ts';
import type { NavigationPolicy } from '../site/navigation-policy.ts';
import { inEmptyContext } from '../verdict/differential-test.ts';
import { probeUrl } from '../verdict/probe-url.ts';
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
      for (const url of proof.urls.filter(policy.isSite)) {
        signal.throwIfAborted();
        const stranger = probeUrl(empty, url);
        const [theirs, us] = await Promise.all([
          stranger,
          probeUrl(ours, url, { storage: state.sessionStorage, stranger }),
        ]);
        const verdict = compareAtProof(theirs.showing, us.showing);
        if (verdict !== 'unknown') return verdict;
      }
      return 'unknown';
    });
  } finally {
    await ours.close();
  }
}
