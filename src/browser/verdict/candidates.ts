import type { LoginContext } from '../context/login-context.ts';
import { shownUrl } from '../site/shown-url.ts';

/** URLs that may tell logged in from logged out. */
export interface Candidates {
  /** Where the login landed; none while the page is not the site's own. */
  landed: string[];
  /** Where a login begins: the entry, and the page that the form was found on. */
  entries: string[];
  /** The folder of the login's page, the root of the domain. */
  roots: string[];
  /** Without query and fragment. */
  postLoginUrl: string;
}

/** Parameters of URLs that work once: opened again, such a URL shows something else. */
const ONE_TIME = /[?#&](code|state|ticket|token|id_token|access_token|saml\w*|session_state|nonce)=/i;

export function candidatesOf(login: LoginContext): Candidates {
  const { pages, policy, scrubber, entryUrl, rootUrl } = login;
  const current = pages.current().url();
  const shown = shownUrl(current);
  const isReusable = !ONE_TIME.test(current) && !scrubber.finds(current);
  const landed = policy.isSite(current) ? [isReusable ? current : shown].filter(isClean) : [];
  const begins = beginningsOf(login).filter(isClean);
  // A landing page that is an entry too must not confirm itself.
  const entries = begins.filter((url) => !landed.includes(url));
  const roots = [...new Set([...begins.map((url) => new URL('.', url).href), rootUrl])].filter(isClean);
  const postLoginUrl = scrubber.scrub(landed.length > 0 ? shown : shownUrl(entryUrl));
  return { landed, entries, roots, postLoginUrl };

  function isClean(url: string): boolean {
    return !scrubber.finds(url);
  }
}

/** Where a login begins: the entry, and the page that its form was found on. */
export function beginningsOf({ entryUrl, loginUrl = entryUrl }: LoginContext): string[] {
  return [...new Set([entryUrl, loginUrl])];
}
