import type { Dispatcher } from 'undici';
import type { Outgoing } from './send.ts';

/** Most redirects that are followed. */
export const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What may follow a redirect to another origin: nothing that could be a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'user-agent']);
const OF_BODY = new Set(['content-type', 'content-language', 'content-encoding']);

/** Where an answer redirects to, as it writes it; undefined where it is no redirect. */
export function redirectOf({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  const location = REDIRECTS.has(statusCode) ? headers['location'] : undefined;
  return typeof location === 'string' ? location : undefined;
}

/**
 * The request that follows a redirect. To another origin go neither credentials, nor any header that may be one, nor
 * a body: undefined where a body would have to.
 */
export function redirected(from: Outgoing, status: number, url: URL): Outgoing | undefined {
  const asGet = (status === 303 && from.method !== 'HEAD') || (status < 303 && from.method === 'POST');
  const sameOrigin = url.origin === from.url.origin;
  const keepsBody = !asGet && from.body !== undefined;
  if (keepsBody && !sameOrigin) return undefined;
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

/** The same origin, or the same host by https instead of http: what was decided of the one goes for the other. */
export function isSamePlace(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:';
  return isUpgrade && from.hostname === to.hostname && from.port === '' && to.port === '';
}
