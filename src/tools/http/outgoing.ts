import { ToolError } from '../tool.ts';

/** A request as it is sent to one origin. */
export interface Outgoing {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
}

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

/** What may follow a redirect to another origin: nothing that could be a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'user-agent']);
const OF_BODY = new Set(['content-type', 'content-language', 'content-encoding']);

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

/**
 * The request that follows a redirect. To another origin go neither credentials, nor any header that may be one, nor
 * a body. Throws {@link ToolError} `redirect_refused` where a body would have to.
 */
export function redirected(from: Outgoing, status: number, location: string): Outgoing {
  const url = readUrl(location, from.url);
  const asGet = (status === 303 && from.method !== 'HEAD') || (status < 303 && from.method === 'POST');
  const sameOrigin = url.origin === from.url.origin;
  const keepsBody = !asGet && from.body !== undefined;
  if (keepsBody && !sameOrigin) {
    throw new ToolError(
      'redirect_refused',
      `${from.url.origin} redirects the request with its body to ${url.origin}. If that is meant, call http_fetch with ${url.href} itself.`,
    );
  }
  const headers = Object.entries(from.headers).filter(
    ([name]) => (sameOrigin || HARMLESS.has(name)) && (keepsBody || !OF_BODY.has(name)),
  );
  return {
    url,
    method: asGet ? 'GET' : from.method,
    headers: Object.fromEntries(headers),
    ...(keepsBody && from.body !== undefined ? { body: from.body } : {}),
  };
}
