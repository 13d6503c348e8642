/**
 * Web addresses as a policy reads them: by the parser that fetches them, host apart from path. Pure, so that workflows can
 * use it.
 */

/** The web address that a text is, as a fetcher would read it; undefined where it is none. */
export function webUrlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^(https?|wss?|ftp):$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}

/** Host as it is connected to: canonical, without the root's dot; of a mapped IPv4 address also that one. */
export function hostsOf({ hostname }: URL): string[] {
  const host = withoutDot(hostname);
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return [host];
  const bytes = [high, low].flatMap((half) => {
    const value = Number.parseInt(half, 16);
    return [value >> 8, value & 255];
  });
  return [host, bytes.join('.')];
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'ws:': '80',
  'wss:': '443',
  'ftp:': '21',
};

/** The port that is connected to, also where the address does not name it. */
export function portOf({ port, protocol }: URL): string {
  return port || (DEFAULT_PORTS[protocol] ?? '');
}

/** A path as servers may take it: percent-decoded once, without `.`, `..`, backslashes and doubled slashes. */
export function decodedPath(pathname: string): string {
  const parts: string[] = [];
  const segments = decoded(pathname).replaceAll('\\', '/').split('/');
  for (const part of segments) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const isFolder = /^\.{0,2}$/.test(segments.at(-1) ?? '') && parts.length > 0;
  return `/${parts.join('/')}${isFolder ? '/' : ''}`;
}

function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      // Not UTF-8: a server that takes bytes for characters reads it so.
      return escaped.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}

/** A host name as the parser writes it; undefined where it is none. */
export function canonicalHost(host: string): string | undefined {
  const url = webUrlOf(`http://${host}/`);
  return url && url.username === '' ? withoutDot(url.hostname) : undefined;
}

function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
