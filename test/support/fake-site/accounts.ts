/** Somebody who can log in. */
export interface FakeUser {
  /** What is typed as user name or e-mail address. */
  username: string;
  password: string;
  /** Base32; default `JBSWY3DPEHPK3PXP`. */
  totpSecret?: string;
  /** Shown when logged in; default `Ada Lovelace`. */
  name?: string;
  /** Two phone numbers; pages show only their last two digits. Defaults end in 12 and 98. */
  phones?: readonly [string, string];
}

/** A user with everything filled in. */
export type Account = Required<FakeUser>;

/** The user that a fake site has when it is told of none; also the defaults of what others leave out. */
export const defaultUser: Account = {
  username: 'ada@example.com',
  password: 'correct horse 42',
  totpSecret: 'JBSWY3DPEHPK3PXP',
  name: 'Ada Lovelace',
  phones: ['+49 151 55501 12', '+49 151 55501 98'],
};

/** Who may log in where, with which password. A password changed in one scenario is changed there only. */
export interface Accounts {
  find(username: string | undefined): Account | undefined;
  /** The account when both are right. */
  check(scenario: string, username: string | undefined, password: string | undefined): Account | undefined;
  /** The account that has this password, for sites that ask for nothing else. */
  withPassword(scenario: string, password: string | undefined): Account | undefined;
  hasChangedPassword(scenario: string, username: string): boolean;
  changePassword(scenario: string, username: string, password: string): void;
  reset(): void;
}

/** Keeps accounts in memory. */
export function createAccounts(users: readonly FakeUser[]): Accounts {
  const accounts = users.map((user): Account => ({ ...defaultUser, ...user }));
  const changed = new Map<string, string>();
  const key = (scenario: string, username: string): string => `${scenario} ${username}`;
  const passwordOf = (scenario: string, account: Account): string =>
    changed.get(key(scenario, account.username)) ?? account.password;
  const find = (username: string | undefined): Account | undefined =>
    accounts.find((account) => account.username.toLowerCase() === username?.trim().toLowerCase());
  return {
    find,
    check(scenario, username, password) {
      const account = find(username);
      return account !== undefined && passwordOf(scenario, account) === password ? account : undefined;
    },
    withPassword: (scenario, password) =>
      accounts.find((account) => passwordOf(scenario, account) === password),
    hasChangedPassword: (scenario, username) => changed.has(key(scenario, username)),
    changePassword(scenario, username, password) {
      changed.set(key(scenario, username), password);
    },
    reset: () => changed.clear(),
  };
}
