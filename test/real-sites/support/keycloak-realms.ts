import type { KEYCLOAK_USERS } from './keycloak-users.ts';

/**
 * `demo`: user name and password on one page, a "Partner" button, an account locked after three wrong passwords.
 * `other`: user name and password on one page, for flows that go on beside those at `demo`.
 * `first`: the user name first, the password on the next page, in English and German.
 * `partner`: the company that `demo`'s button leads to, at an origin of its own.
 */
export type RealmName = keyof typeof KEYCLOAK_USERS;

const BROKER_SECRET = 'partner-knows-demo';

/** How many wrong passwords lock an account of realm `demo`. */
export const LOCKED_AFTER_FAILURES = 3;

export interface RealmOrigins {
  /** Of all but `partner`. */
  main: string;
  partner: string;
}

/** The realms to create, without people: those that come with their realm lack its default roles. */
export function realmRepresentations({ main, partner }: RealmOrigins): object[] {
  return [
    {
      ...realm('demo', 'Demo'),
      rememberMe: true,
      resetPasswordAllowed: true,
      registrationAllowed: true,
      bruteForceProtected: true,
      failureFactor: LOCKED_AFTER_FAILURES,
      // Else two wrong passwords within a second would lock it as well.
      quickLoginCheckMilliSeconds: 0,
      waitIncrementSeconds: 900,
      maxFailureWaitSeconds: 900,
      identityProviders: [partnerProvider(partner)],
    },
    {
      ...realm('other', 'Other'),
      rememberMe: true,
      resetPasswordAllowed: true,
    },
    {
      ...realm('first', 'First'),
      loginWithEmailAllowed: true,
      internationalizationEnabled: true,
      supportedLocales: ['en', 'de'],
      defaultLocale: 'en',
    },
    { ...realm('partner', 'Partner Inc.'), clients: [brokerClient(main)] },
  ];
}

function realm(name: RealmName, displayName: string): object {
  return { realm: name, displayName, enabled: true, sslRequired: 'none', eventsEnabled: true };
}

function partnerProvider(origin: string): object {
  const issuer = `${origin}/realms/partner`;
  const endpoints = `${issuer}/protocol/openid-connect`;
  return {
    alias: 'partner',
    displayName: 'Partner',
    providerId: 'oidc',
    enabled: true,
    trustEmail: true,
    firstBrokerLoginFlowAlias: 'first broker login',
    config: {
      clientId: 'demo',
      clientSecret: BROKER_SECRET,
      clientAuthMethod: 'client_secret_post',
      issuer,
      authorizationUrl: `${endpoints}/auth`,
      tokenUrl: `${endpoints}/token`,
      userInfoUrl: `${endpoints}/userinfo`,
      jwksUrl: `${endpoints}/certs`,
      useJwksUrl: 'true',
      validateSignature: 'true',
      defaultScope: 'openid profile email',
    },
  };
}

function brokerClient(mainOrigin: string): object {
  return {
    clientId: 'demo',
    enabled: true,
    publicClient: false,
    secret: BROKER_SECRET,
    standardFlowEnabled: true,
    redirectUris: [`${mainOrigin}/realms/demo/broker/partner/endpoint`],
  };
}
