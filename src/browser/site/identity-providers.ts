import { matchesHost } from './host-pattern.ts';

/** Well-known identity providers with their hosts (`*.host`: all below it): every login may lead to them. */
const PROVIDERS: readonly { provider: string; hosts: readonly string[] }[] = [
  { provider: 'google', hosts: ['accounts.google.com'] },
  { provider: 'microsoft', hosts: ['login.microsoftonline.com', 'login.live.com'] },
  { provider: 'apple', hosts: ['appleid.apple.com'] },
  { provider: 'github', hosts: ['github.com'] },
  { provider: 'facebook', hosts: ['www.facebook.com'] },
  { provider: 'linkedin', hosts: ['www.linkedin.com'] },
  { provider: 'okta', hosts: ['*.okta.com', '*.oktapreview.com'] },
  { provider: 'auth0', hosts: ['*.auth0.com'] },
  { provider: 'cognito', hosts: ['*.amazoncognito.com'] },
  { provider: 'onelogin', hosts: ['*.onelogin.com'] },
  { provider: 'ping', hosts: ['*.pingone.com', '*.pingidentity.com'] },
];

/** The well-known identity provider that a URL belongs to; undefined for every other. */
export function identityProviderOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  return PROVIDERS.find(({ hosts }) => hosts.some((host) => matchesHost(url, host)))?.provider;
}

/** Hosts that are a well-known provider's own; none where it gives each customer a host, or is not known. */
export function hostsOfProvider(name: string): readonly string[] {
  const hosts = PROVIDERS.find(({ provider }) => provider === name.toLowerCase())?.hosts ?? [];
  return hosts.filter((host) => !host.startsWith('*.'));
}

/** Domains below which well-known providers give each customer a host: `okta.com`. */
export function customersDomains(): readonly string[] {
  return CUSTOMERS;
}

const CUSTOMERS = PROVIDERS.flatMap(({ hosts }) => hosts)
  .filter((host) => host.startsWith('*.'))
  .map((host) => host.slice(2));
