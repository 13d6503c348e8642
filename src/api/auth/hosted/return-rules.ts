import { isSameSite } from '../../../secrets/match-domain.ts';
import type { ApiDeps } from '../../deps.ts';
import { invalidRequest } from '../../plugins/parsing.ts';

/** Longest address that a person is sent back to, in characters. */
export const MAX_RETURN_CHARACTERS = 2_000;

/** Where people may be sent when a login has ended. */
export interface ReturnRules {
  /** Where people reach this API. */
  publicUrl(): string;
  /** Origins of other sites, in lower case. */
  origins: readonly string[];
}

/** The rules of this installation. */
export function returnRulesOf({ publicUrl, hosted }: ApiDeps['auth']): ReturnRules {
  return { publicUrl, origins: hosted.returnOrigins };
}

/** The same, for one that a request names. Throws `validation_failed`. */
export function admitReturn(address: string, rules: ReturnRules): string {
  const url = allowedReturn(address, rules);
  if (url !== undefined) return url;
  const message =
    'must be an https address of the site of this API, or of an origin that LONGTURN_HOSTED_RETURN_ORIGINS names, without a user';
  throw invalidRequest([{ path: 'body.success_url', message }]);
}

/**
 * The address as it is used from here on, so that nothing is read differently later than it was judged; undefined where
 * nobody may be sent to it: it is none of http or https, names a user, or is of a foreign site.
 */
export function allowedReturn(address: string, { publicUrl, origins }: ReturnRules): string | undefined {
  if (address.length > MAX_RETURN_CHARACTERS) return undefined;
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  const isAllowed = origins.includes(url.origin) || isOfSite(url, new URL(publicUrl()));
  return isAllowed && url.href.length <= MAX_RETURN_CHARACTERS ? url.href : undefined;
}

/** A page of this site: not by http where the site itself is reached by https. */
function isOfSite(url: URL, own: URL): boolean {
  if (url.protocol === 'http:' && own.protocol !== 'http:') return false;
  // All names of this machine are one site: a developer's pages are on other ports of it.
  if (isLoopback(own.hostname)) return isLoopback(url.hostname);
  return url.hostname === own.hostname || isSameSite(url.hostname, own.hostname);
}

function isLoopback(host: string): boolean {
  return host.endsWith('.localhost') || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
}
