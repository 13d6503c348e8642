/** A person with an account, as a test needs to know them. */
export interface SiteUser {
  username: string;
  password: string;
  email: string;
  /** Base32, as an authenticator app takes it: SHA-1, 6 digits, 30 s. Absent: no second factor. */
  totpSecret?: string;
  /** What Keycloak demands before it lets this person in, such as `UPDATE_PASSWORD`. */
  requiredActions?: readonly string[];
}

/** A new person; `name` must be new in its realm. */
export function makeUser(name: string, more: Partial<SiteUser> = {}): SiteUser {
  return { username: name, password: `${name}-Pa55-word`, email: `${name}@example.test`, ...more };
}

/** The people that the realms start with. Tests that count, lock or change something add one of their own. */
export const KEYCLOAK_USERS = {
  demo: {
    alice: makeUser('alice'),
    tessa: makeUser('tessa', { totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }),
    ursula: makeUser('ursula', { requiredActions: ['UPDATE_PASSWORD'] }),
    locke: makeUser('locke'),
  },
  other: { olga: makeUser('olga') },
  first: {
    alice: makeUser('alice'),
    tessa: makeUser('tessa', { totpSecret: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU' }),
  },
  partner: { paula: makeUser('paula') },
} as const;

/** Keycloak's representation of a person. */
export function userRepresentation(user: SiteUser): object {
  const name = user.username;
  return {
    username: name,
    email: user.email,
    emailVerified: true,
    enabled: true,
    // Without these Keycloak asks for them at the first login.
    firstName: name.slice(0, 1).toUpperCase() + name.slice(1),
    lastName: 'Example',
    requiredActions: user.requiredActions ?? [],
    credentials: [
      { type: 'password', value: user.password },
      ...(user.totpSecret ? [totpCredential(user.totpSecret)] : []),
    ],
  };
}

function totpCredential(secret: string): object {
  const shape = {
    subType: 'totp',
    digits: 6,
    period: 30,
    counter: 0,
    algorithm: 'HmacSHA1',
    secretEncoding: 'BASE32',
  };
  return {
    type: 'otp',
    userLabel: 'phone',
    secretData: JSON.stringify({ value: secret }),
    credentialData: JSON.stringify(shape),
  };
}
