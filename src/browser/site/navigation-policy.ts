import type { OutboundGuard } from '../../outbound/outbound-guard.ts';
import type { Site } from '../login-browser.ts';
import { effectivePort, matchesDomain, matchesHost } from './host-pattern.ts';
import { identityProviderOf } from './identity-providers.ts';

/** Where a login may take place. */
export interface NavigationPolicy {
  /**
   * Whether values may be typed on a page or frame of this URL: https (http only for listed loopback names), on the
   * site's domain, below it, on a host that its owner allowed, or on a well-known identity provider.
   */
  isAllowed(url: string): boolean;
  /** Whether a URL is on the site's domain or below it. */
  isSite(url: string): boolean;
}

export function createNavigationPolicy(
  site: Site,
  guard: Pick<OutboundGuard, 'allowsPlain'>,
): NavigationPolicy {
  const own = (url: URL) =>
    matchesDomain(url, site.domain) || site.allowedDomains.some((pattern) => matchesHost(url, pattern));
  const secure = (url: URL) =>
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && guard.allowsPlain(url.hostname, effectivePort(url)));

  return {
    isAllowed(text) {
      const url = URL.parse(text);
      return url !== null && secure(url) && (own(url) || identityProviderOf(text) !== undefined);
    },
    isSite(text) {
      const url = URL.parse(text);
      return url !== null && secure(url) && matchesDomain(url, site.domain);
    },
  };
}

/** The address of the domain's root: https, or http where that is all there is. */
export function rootOf(domain: string, guard: Pick<OutboundGuard, 'allowsPlain'>): string {
  const plain = new URL(`http://${domain}/`);
  return guard.allowsPlain(plain.hostname, effectivePort(plain)) ? plain.href : `https://${domain}/`;
}
