/**
 * Whether a URL's host is the one of a pattern: `host`, `host:port`, `*.host` or `*.host:port` (all hosts below it). A
 * port counts where the pattern names one.
 */
export function matchesHost(url: URL, pattern: string): boolean {
  const { host, port } = splitPort(pattern.toLowerCase());
  if (port !== undefined && port !== effectivePort(url)) return false;
  const name = url.hostname.replace(/\.$/, '');
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
}

/** As {@link matchesHost}, hosts below included. */
export function matchesDomain(url: URL, domain: string): boolean {
  return matchesHost(url, domain) || matchesHost(url, `*.${domain}`);
}

/** The port that is connected to, also where the URL does not name it. */
export function effectivePort({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? 80 : 443;
}

function splitPort(pattern: string): { host: string; port?: number } {
  const [, host = pattern, port] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  return port === undefined ? { host } : { host, port: Number(port) };
}
