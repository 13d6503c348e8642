import type { ManagedAuth } from '../../src/contract/auth/index.ts';
import { type AuthClient, createAuthClient } from './auth-client.ts';
import { legacyBodyFor, type Person } from './auth-person.ts';
import { defaultUser, type FakeUser } from './fake-site/accounts.ts';
import { type FakeSite, type FakeSiteOptions, startFakeSite } from './fake-site/fake-site.ts';
import { totpCode, totpWindow } from './fake-site/totp.ts';
import { poll } from './poll.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';
import { useDisposable } from './use-disposable.ts';

/** A whole system, a fake site that its browser may reach, and people who have accounts there. */
export interface AuthStage {
  readonly system: System;
  readonly site: FakeSite;
  readonly auth: AuthClient;
  /** Somebody with an account of their own in every scenario; nobody else gets it. */
  person(): Person;
  /** A connection of a profile of its own to a scenario. */
  connect(scenario: string, more?: Record<string, unknown>): Promise<ManagedAuth>;
  /** A stored credential with these values; returns its name. */
  credential(values: Record<string, string>, more?: Record<string, unknown>): Promise<string>;
}

export interface AuthStageOptions {
  parts?: NonNullable<SystemOptions['parts']>;
  env?: Record<string, string>;
  site?: FakeSiteOptions;
  /** People with accounts; default 80 made-up ones. */
  users?: readonly FakeUser[];
}

/** Accounts that tests share out among themselves. */
export function makeUsers(count: number): FakeUser[] {
  return Array.from({ length: count }, (_, index) => ({
    username: `person-${index + 1}@example.com`,
    password: `Passwort ${index + 1} für alle!`,
  }));
}

/** The environment in which the system's browser may reach the site. */
export function siteEnv(site: FakeSite): Record<string, string> {
  return { LONGTURN_BROWSER_ALLOW: `${site.host},${site.ssoHost}`, LONGTURN_RATE_LIMIT: '0' };
}

/** Starts site and system. */
export async function startAuthStage(options: AuthStageOptions = {}): Promise<AuthStage & AsyncDisposable> {
  const users = [...(options.users ?? makeUsers(80))];
  const site = await startFakeSite({ ...options.site, users });
  let system: System;
  try {
    system = await startSystem({
      parts: options.parts ?? 'all',
      env: { ...siteEnv(site), ...options.env },
    });
  } catch (error) {
    await site[Symbol.asyncDispose]();
    throw error;
  }
  const auth = createAuthClient(system.baseUrl, system.token);
  let count = 0;
  const credential: AuthStage['credential'] = async (values, more = {}) => {
    count += 1;
    const name = `credential-${count}`;
    const answer = await auth.http.post('/credentials', { name, domain: site.host, values, ...more });
    if (answer.status !== 201) throw new Error(`credential: ${answer.status} ${answer.text}`);
    return name;
  };
  return {
    system,
    site,
    auth,
    person: () => {
      const user = users.shift();
      if (!user) throw new Error('All accounts are taken; give the stage more users.');
      return { username: user.username, password: user.password };
    },
    connect: (scenario, more = {}) => {
      count += 1;
      return auth.create({
        domain: site.host,
        profile_name: `profile-${count}`,
        login_url: site.loginUrl(scenario),
        ...(scenario === 'sso' ? { allowed_domains: [site.ssoHost] } : {}),
        ...more,
      });
    },
    credential,
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}

/** Registers hooks that set a stage for a file's tests. */
export function useAuthStage(options: AuthStageOptions = {}): () => AuthStage {
  return useDisposable('The stage', () => startAuthStage(options));
}

/** The code that an authenticator app with the default secret shows now. */
export function appCode(secret: string = defaultUser.totpSecret): string {
  return totpCode(secret, totpWindow(Date.now()));
}

/** Waits until the app shows a code that is right long enough to be typed on a busy machine. */
export function freshAppCode(): Promise<unknown> {
  const sameIn = (ms: number) => totpWindow(Date.now() + ms) === totpWindow(Date.now());
  return poll(() => sameIn(15_000), { what: 'a fresh code' });
}

/** Begins a login and waits for the first question. */
export async function askedBy(
  { auth }: Pick<AuthStage, 'auth'>,
  connection: ManagedAuth,
): Promise<ManagedAuth> {
  await auth.login(connection.id);
  return auth.asked(connection.id);
}

/** Answers what is shown in the older mode. */
export async function answerLegacy(
  { auth }: Pick<AuthStage, 'auth'>,
  view: ManagedAuth,
  person: Person,
): Promise<void> {
  const answer = await auth.submit(view.id, legacyBodyFor(view, person));
  if (answer.status !== 202) throw new Error(`submit: ${answer.status} ${answer.text}`);
}
