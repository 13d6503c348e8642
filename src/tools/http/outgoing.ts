import { redirected } from '../../outbound/redirect.ts';
import type { Outgoing } from '../../outbound/send.ts';
import { ToolError } from '../tool.ts';

const FORBIDDEN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const FORBIDDEN_PREFIXES = ['proxy-', 'sec-'];

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
// Line ends and NUL would end the header and begin another.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Reads a URL that may be asked for. Throws {@link ToolError} `url_invalid`. */
export function readUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null)
    throw new ToolError('url_invalid', `"${text}" is not a URL; write one such as https://example.com/.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ToolError('url_invalid', `"${url.protocol}" cannot be fetched; only http: and https: can.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ToolError(
      'url_invalid',
      'The URL has a user name or password in it; send an authorization header instead.',
    );
  }
  return url;
}

/** Checks and lower-cases request headers. Throws {@link ToolError} `header_refused`. */
export function readHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([given, value]) => {
      const name = given.toLowerCase();
      if (!TOKEN.test(given) || !VALUE.test(value)) {
        throw new ToolError(
          'header_refused',
          `The header "${name}" has characters that no header may have; remove them.`,
        );
      }
      if (FORBIDDEN.has(name) || FORBIDDEN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
        throw new ToolError(
          'header_refused',
          `The header "${name}" is set by http_fetch itself; leave it out.`,
        );
      }
      return [name, value];
    }),
  );
}

/** The request that follows a redirect. Throws {@link ToolError} `url_invalid`, and `redirect_refused` where a body would go to another origin. */
export function followed(from: Outgoing, status: number, location: string): Outgoing {
  const url = readUrl(location, from.url);
  const next = redirected(from, status, url);
  if (next !== undefined) return next;
  throw new ToolError(
    'redirect_refused',
    `${from.url.origin} redirects the request with its body to ${url.origin}. If that is meant, call http_fetch with ${url.href} itself.`,
  );
}
