import { getDomain } from 'tldts';

/**
 * Whether a domain (`host[:port]`) is one that an item names: exact host, host of a URL, or `*.host` for all below it.
 * A port is compared where the item has one.
 */
export function matchesDomain(pattern: string, domain: string): boolean {
  const wanted = hostAndPort(pattern.trim().toLowerCase());
  const given = hostAndPort(domain.toLowerCase());
  if (wanted === undefined || given === undefined) return false;
  if (wanted.port !== '' && wanted.port !== given.port) return false;
  return wanted.host.startsWith('*.')
    ? given.host.endsWith(wanted.host.slice(1))
    : wanted.host === given.host;
}

/** Whether two domains are of one site: the same host, or hosts below one registrable domain. */
export function isSameSite(one: string, other: string): boolean {
  const [a, b] = [hostAndPort(one.toLowerCase())?.host, hostAndPort(other.toLowerCase())?.host];
  if (a === undefined || b === undefined) return false;
  const site = getDomain(a, { allowPrivateDomains: true });
  return a === b || (site !== null && site === getDomain(b, { allowPrivateDomains: true }));
}

/** Host and port (empty where none is given) of a domain, or of a URL; undefined where it is neither. */
export function hostAndPort(text: string): { host: string; port: string } | undefined {
  if (text.includes('://')) {
    const url = URL.parse(text);
    return url === null || url.hostname === '' ? undefined : { host: url.hostname, port: url.port };
  }
  const [, host, port = ''] = /^([^\s/:]+)(?::(\d+))?(?:\/.*)?$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, port };
}
