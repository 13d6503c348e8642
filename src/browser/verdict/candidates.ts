import type { Flow } from '../flow/flow.ts';
import { shownUrl } from '../site/shown-url.ts';

/** URLs that may tell logged in from logged out. */
export interface Candidates {
  /** Where the login landed; none while the page is not the site's own. */
  landed: string[];
  /** Where a login begins: the entry, and the page that the form was found on. */
  entries: string[];
  /** What anybody would open first: the folder of the login's page, the root of the domain. */
  roots: string[];
  /** Without query and fragment. */
  postLoginUrl: string;
}

/** Parameters by which a page hands a login over once; the same URL opened again is another one. */
const ONE_TIME = /[?#&](code|state|ticket|token|id_token|access_token|saml\w*|session_state|nonce)=/i;

export function candidatesOf(flow: Flow): Candidates {
  const { pages, policy, scrubber, entryUrl, loginUrl, rootUrl } = flow;
  const current = pages.current().url();
  const shown = shownUrl(current);
  const isReusable = !ONE_TIME.test(current) && !scrubber.finds(current);
  const landed = policy.isSite(current) ? [isReusable ? current : shown].filter(isClean) : [];
  const begins = [...new Set([entryUrl, ...(loginUrl === undefined ? [] : [loginUrl])])].filter(isClean);
  // Asked twice, the landing page would decide alone.
  const entries = begins.filter((url) => !landed.includes(url));
  const roots = [...new Set([...begins.map((url) => new URL('.', url).href), rootUrl])].filter(isClean);
  const postLoginUrl = scrubber.scrub(landed.length > 0 ? shown : shownUrl(entryUrl));
  return { landed, entries, roots, postLoginUrl };

  function isClean(url: string): boolean {
    return !scrubber.finds(url);
  }
}
