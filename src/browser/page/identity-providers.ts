import { anyWord } from './words/pattern.ts';

/** Identity providers that many sites share: their names on buttons. */
export const PROVIDERS: readonly { provider: string; words: RegExp }[] = [
  { provider: 'google', words: anyWord('google, gmail') },
  { provider: 'microsoft', words: anyWord('microsoft, office ?365, azure( ad)?, entra( id)?, outlook') },
  { provider: 'apple', words: anyWord('apple( id)?') },
  { provider: 'github', words: anyWord('github') },
  { provider: 'gitlab', words: anyWord('gitlab') },
  { provider: 'facebook', words: anyWord('facebook') },
  { provider: 'linkedin', words: anyWord('linked ?in') },
  { provider: 'okta', words: anyWord('okta') },
  { provider: 'auth0', words: anyWord('auth0') },
  { provider: 'amazon', words: anyWord('amazon') },
  { provider: 'twitter', words: anyWord('twitter, x \\(twitter\\)') },
  { provider: 'slack', words: anyWord('slack') },
  { provider: 'yahoo', words: anyWord('yahoo') },
  { provider: 'discord', words: anyWord('discord') },
  { provider: 'bitbucket', words: anyWord('bitbucket') },
  { provider: 'atlassian', words: anyWord('atlassian') },
  { provider: 'salesforce', words: anyWord('salesforce') },
  { provider: 'paypal', words: anyWord('paypal') },
  { provider: 'spotify', words: anyWord('spotify') },
  { provider: 'onelogin', words: anyWord('onelogin') },
  { provider: 'keycloak', words: anyWord('keycloak') },
];

const HOSTS: readonly { provider: string; host: RegExp }[] = [
  { provider: 'google', host: /^accounts\.google\.com$/ },
  { provider: 'microsoft', host: /^(login\.microsoftonline\.com|login\.live\.com)$/ },
  { provider: 'apple', host: /^appleid\.apple\.com$/ },
  { provider: 'github', host: /^github\.com$/ },
  { provider: 'gitlab', host: /^gitlab\.com$/ },
  { provider: 'facebook', host: /^(www|m)\.facebook\.com$/ },
  { provider: 'linkedin', host: /^www\.linkedin\.com$/ },
  { provider: 'okta', host: /\.okta(preview)?\.com$/ },
  { provider: 'auth0', host: /\.auth0\.com$/ },
  { provider: 'cognito', host: /\.amazoncognito\.com$/ },
  { provider: 'onelogin', host: /\.onelogin\.com$/ },
  { provider: 'ping', host: /\.ping(one|identity)\.com$/ },
];

/** The well-known identity provider that a URL belongs to; undefined for every other. */
export function idpHostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return HOSTS.find(({ host }) => host.test(hostname))?.provider;
}
