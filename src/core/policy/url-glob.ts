import type { Globs } from './glob.ts';
import { canonicalHost, decodedPath, hostsOf, portOf } from './web-url.ts';

/** A glob for web addresses, taken apart as an address is. */
interface UrlGlob {
  scheme: string;
  host: string;
  /** Absent: the usual port. */
  port?: string;
  path: string;
  /** No path was named. */
  isBare: boolean;
}

const ONLY_STARS = /^\*+$/;
const MAGIC = /[*?{}()[\]!+@|\\]/;

/**
 * Whether an address is one that a rule allows: scheme, host and port, and path fit their parts of the glob each, however
 * the path is spelled. A glob without `://` names no host, so it allows nothing; `**` allows every address.
 */
export function allowsUrl(pattern: string, url: URL, { narrow }: Globs): boolean {
  if (/^\*{2,}$/.test(pattern)) return true;
  const glob = urlGlobOf(pattern);
  const [host = ''] = hostsOf(url);
  if (glob === undefined || !narrow(glob.scheme)(schemeOf(url)) || !fitsHost(glob, [host], narrow))
    return false;
  const isAnyHost = ONLY_STARS.test(glob.host);
  const fitsPort = glob.port === undefined ? isAnyHost || url.port === '' : narrow(glob.port)(portOf(url));
  const spellings = [url.pathname + url.search, decodedPath(url.pathname) + url.search];
  return fitsPort && spellings.every(narrow(glob.path));
}

/** Whether an address is one that a rule denies or asks about: part by part, or the text of it in any spelling. */
export function catchesUrl(pattern: string, url: URL, { wide }: Globs): boolean {
  const paths = [url.pathname, decodedPath(url.pathname)];
  const places = [...paths, ...paths.map((path) => path + url.search)];
  const origins = hostsOf(url).flatMap((host) => [
    `${url.protocol}//${host}`,
    `${url.protocol}//${host}:${portOf(url)}`,
  ]);
  const texts = origins.flatMap((origin) => places.map((place) => origin + place));
  if ([url.href, ...texts, ...origins].some(wide(pattern))) return true;
  const glob = urlGlobOf(pattern);
  if (glob === undefined || !wide(glob.scheme)(schemeOf(url)) || !fitsHost(glob, hostsOf(url), wide))
    return false;
  const fitsPort = glob.port === undefined || wide(glob.port)(portOf(url));
  return fitsPort && (glob.isBare || places.some(wide(glob.path)));
}

function fitsHost({ host }: UrlGlob, hosts: string[], read: Globs['narrow']): boolean {
  return hosts.includes(host) || (!host.startsWith('[') && hosts.some(read(host)));
}

function schemeOf({ protocol }: URL): string {
  return protocol.slice(0, -1);
}

function urlGlobOf(pattern: string): UrlGlob | undefined {
  const [, scheme, authority, path = ''] = /^([^/?#]*?):\/\/([^/]*)(.*)$/s.exec(pattern) ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  const [, literal, address, port] = /^(?:(\[[\da-f:.]+\])|(.*?))(?::([\d*?]+))?$/is.exec(place) ?? [];
  const named = literal ?? address ?? '';
  const parts = path === '' ? withoutPath(named) : { named, path };
  const host = hostGlob(parts.named);
  if (host === undefined) return undefined;
  const isBare = path === '';
  return {
    scheme: scheme.toLowerCase(),
    host,
    path: parts.path,
    isBare,
    ...(port !== undefined && { port }),
  };
}

/** Stars after a host that is not followed by a path stand for the path: as part of the host they would take in strangers'. */
function withoutPath(named: string): { named: string; path: string } {
  if (ONLY_STARS.test(named)) return { named, path: named === '*' ? '/' : '/**' };
  const host = named.replace(/\*+$/, '');
  return { named: host, path: host === named ? '/' : '/**' };
}

/** In the parser's spelling, as far as no glob is in it. */
function hostGlob(named: string): string | undefined {
  if (/^\[[\da-f:.]+\]$/i.test(named) || !MAGIC.test(named)) return canonicalHost(named);
  const labels = named.toLowerCase().replace(/\.$/, '').split('.');
  // A label of digits alone would be read as an address.
  return labels
    .map((label) =>
      /[^\p{ASCII}]/u.test(label) && !MAGIC.test(label) ? (canonicalHost(label) ?? label) : label,
    )
    .join('.');
}
