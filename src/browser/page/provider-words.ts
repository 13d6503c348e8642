import { anyWord } from './words/pattern.ts';

/** Identity providers that many sites share, by their names on buttons. */
export const PROVIDER_WORDS: readonly { provider: string; words: RegExp }[] = [
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
