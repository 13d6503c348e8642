import { getPublicSuffix } from 'tldts';
import { matchesHost } from '../browser/site/host-pattern.ts';
import { customersDomains, hostsOfProvider, identityProviderOf } from '../browser/site/identity-providers.ts';
import { hostAndPort, isSameSite } from './match-domain.ts';

/** What tells where values may be typed without asking anybody. */
export interface CredentialOrigin {
  source: 'store' | 'external';
  /** What the credential was stored for: `host[:port]`; of an item elsewhere also the host of a URL, or `*.host`. */
  domains: readonly string[];
  /** Set where it is typed on this provider's pages and on no others. */
  ssoProvider?: string;
}

/**
 * Whether stored values may be typed on a page of this URL. They are bound to the host that they were stored for, with
 * or without `www.`, and to hosts below it, which are its owner's. Other hosts of the same site only where somebody who
 * may write credentials has named them (`vouched`); hosts of another site never. Where a domain gives hosts to strangers
 * (public suffixes, `*.okta.com`), each host is an owner of its own. A port counts: none is the usual one.
 */
export function mayBeTypedOn(origin: CredentialOrigin, vouched: readonly string[], page: string): boolean {
  const url = URL.parse(page);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  const ofProvider = origin.ssoProvider === undefined ? [] : hostsOfProvider(origin.ssoProvider);
  // What is stored for the shop and says "by Google" is Google's: the shop itself must not get it.
  if (ofProvider.length > 0) return ofProvider.some((host) => matchesHost(url, host) && url.port === '');
  return origin.domains.some(
    (domain) =>
      isOwners(url, domain, origin.source === 'external') ||
      (isSameSite(plainHost(url), hostOf(domain)) && vouched.some((named) => matchesExactly(url, named))),
  );
}

/** Whether a host pattern (`host[:port]`, `*.host[:port]`) names no more than the owner of a domain has. */
export function isWithin(pattern: string, domain: string): boolean {
  const named = hostAndPort(pattern.toLowerCase().replace(/^\*\./, ''));
  const own = hostAndPort(domain.toLowerCase());
  if (named === undefined || own === undefined) return false;
  const scheme = 'https:';
  const isWide = pattern.startsWith('*.');
  const url = URL.parse(`${scheme}//${named.host}${named.port && `:${named.port}`}`);
  return url !== null && isOwners(url, domain, false) && !(isWide && isShared(named.host));
}

/**
 * Whether a credential may be used by a connection at all: it is of the connection's site, of a host that the connection
 * may lead to, or of an identity provider that is its own site's.
 */
export function isUsableBy(
  { domains, ssoProvider }: CredentialOrigin,
  connection: { domain: string; allowedDomains: readonly string[] },
): boolean {
  return domains.some(
    (domain) =>
      isSameSite(domain, connection.domain) ||
      connection.allowedDomains.some((pattern) => isNamedBy(pattern, domain)) ||
      (ssoProvider !== undefined && identityProviderOf(`https://${domain}/`) !== undefined) ||
      hostsOfProvider(ssoProvider ?? '').some((host) => isSameSite(host, domain)),
  );
}

function isNamedBy(pattern: string, domain: string): boolean {
  const url = URL.parse(`https://${domain}/`);
  return url !== null && matchesHost(url, pattern);
}

/** The host itself, with or without `www.`, or one below it where nobody else has hosts below it. */
function isOwners(url: URL, domain: string, anyPort: boolean): boolean {
  const wanted = hostAndPort(domain.trim().toLowerCase());
  if (wanted === undefined || !hasPort(url, wanted.port, anyPort)) return false;
  const host = plainHost(url);
  if (wanted.host.startsWith('*.')) return host.endsWith(wanted.host.slice(1));
  const own = withoutWww(wanted.host);
  return host === wanted.host || withoutWww(host) === own || (host.endsWith(`.${own}`) && !isShared(own));
}

function matchesExactly(url: URL, pattern: string): boolean {
  const named = hostAndPort(pattern.replace(/^\*\./, ''));
  return named !== undefined && hasPort(url, named.port, false) && matchesHost(url, pattern);
}

function hasPort(url: URL, port: string, anyPort: boolean): boolean {
  if (port === '') return anyPort || url.port === '';
  return port === (url.port || (url.protocol === 'https:' ? '443' : '80'));
}

/** Whether hosts below this one belong to others than its owner, or to nobody. */
function isShared(host: string): boolean {
  const shared = customersDomains().includes(host);
  return shared || getPublicSuffix(host, { allowPrivateDomains: true }) === host;
}

function withoutWww(host: string): string {
  const bare = host.startsWith('www.') ? host.slice(4) : host;
  return bare !== host && isShared(bare) ? host : bare;
}

const plainHost = ({ hostname }: URL) => hostname.replace(/\.$/, '');
const hostOf = (domain: string) => (hostAndPort(domain)?.host ?? domain).replace(/^\*\./, '');
