import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../../support/poll.ts';
import { freePort } from '../../support/processes.ts';
import { createKeycloakAdmin, type KeycloakAdmin } from './keycloak-admin.ts';
import { useUsernameFirst } from './keycloak-flows.ts';
import { type InstalledKeycloak, installKeycloak } from './keycloak-install.ts';
import { type RealmName, type RealmOrigins, realmRepresentations } from './keycloak-realms.ts';
import { KEYCLOAK_USERS, type SiteUser, userRepresentation } from './keycloak-users.ts';
import { makeSiteFolder, type SiteProcess, startSite } from './site-process.ts';

const ADMIN = { username: 'administrator', password: 'administrator-Pa55-word' };

/** Something that Keycloak noted about a login: `LOGIN`, `LOGIN_ERROR`, `UPDATE_PASSWORD`, `LOGOUT`, … */
export interface LoginEvent {
  /** Since the epoch. */
  timeMs: number;
  type: string;
  /** Such as `invalid_user_credentials`. Absent: it went well. */
  error?: string;
  /** What was typed as the user name, or who it was. Absent: Keycloak did not say. */
  username?: string;
  /** For which client: `account` by `loginUrl`, `account-console` by `accountUrl`. */
  client?: string;
}

/** A running Keycloak with the realms `demo`, `other`, `first` and `partner`. */
export interface Keycloak extends AsyncDisposable {
  /** Of all but `partner`: `http://localhost:<port>` */
  origin: string;
  /** Of `partner`, the company behind `demo`'s "Partner" button: `http://127.0.0.1:<port>` */
  partnerOrigin: string;
  users: typeof KEYCLOAK_USERS;
  /** A login page, straight from the server; it leads on to the account page. `locale`: `de` works in realm `first`. */
  loginUrl(realm: RealmName, locale?: string): string;
  /** The account page, a single-page application that leads to the login page whoever is not logged in. */
  accountUrl(realm: RealmName): string;
  /** Adds a person, for a test that counts, locks or changes something. */
  addUser(realm: RealmName, user: SiteUser): Promise<SiteUser>;
  /** Logs somebody out everywhere, as an administrator does. */
  wipeSessions(realm: RealmName, username: string): Promise<void>;
  /** How many sessions somebody has. */
  sessionCount(realm: RealmName, username: string): Promise<number>;
  /** Changes somebody's password elsewhere. */
  setPassword(realm: RealmName, username: string, password: string): Promise<void>;
  /** Locks somebody's account by wrong passwords, without a login page. */
  lock(realm: RealmName, username: string): Promise<void>;
  /** True: too many wrong passwords; then also the right one is refused. */
  isLocked(realm: RealmName, username: string): Promise<boolean>;
  /** What happened in a realm, oldest first. A login at one client and the next one's by the same session are two events. */
  attempts(realm: RealmName): Promise<LoginEvent[]>;
  /** How many forms of the login (user name, password, code, new password) a realm was sent so far, by anybody. */
  loginPosts(realm: RealmName): number;
  /** All that Keycloak has printed so far: a line for each request among them. */
  log(): string;
}

/** Installs Keycloak where needed and starts it on a free port of the loopback, with nothing remembered from before. */
export async function startKeycloak(): Promise<Keycloak> {
  const installed = await installKeycloak();
  const port = await freePort();
  const origins: RealmOrigins = { main: `http://localhost:${port}`, partner: `http://127.0.0.1:${port}` };
  const server = await startServer(installed, port);
  const admin = createKeycloakAdmin({ origin: origins.partner, ...ADMIN });
  try {
    await fill(admin, origins);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return createHandle(server, admin, origins);
}

async function fill(admin: KeycloakAdmin, origins: RealmOrigins): Promise<void> {
  for (const realm of realmRepresentations(origins)) await admin.post('', realm);
  await useUsernameFirst(admin, 'first');
  for (const [realm, users] of Object.entries(KEYCLOAK_USERS)) {
    for (const user of Object.values<SiteUser>(users)) {
      await admin.post(`/${realm}/users`, userRepresentation(user));
    }
  }
}

async function startServer({ folder: home, java }: InstalledKeycloak, port: number): Promise<SiteProcess> {
  const folder = makeSiteFolder('keycloak');
  // The installed one stays untouched: what Keycloak writes goes to `data` beside these.
  for (const part of ['conf', 'lib', 'providers', 'themes'])
    symlinkSync(join(home, part), join(folder, part));
  mkdirSync(join(folder, 'tmp'));
  return await startSite({
    name: 'Keycloak',
    command: java,
    args: [
      ...javaOptions(folder),
      ...['start', '--optimized', '--cache=local', '--hostname-strict=false'],
      ...['--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${port}`],
      ...['--http-access-log-enabled=true', '--http-access-log-pattern=%r'],
    ],
    env: { KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username, KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password },
    folder,
    readyUrl: `http://127.0.0.1:${port}/realms/master`,
  });
}

/** Those of `bin/kc.sh`, which cannot be ended by a signal; the heap small and the start quick. */
function javaOptions(home: string): string[] {
  const opened = ['java.util', 'java.util.concurrent', 'java.security'];
  return [
    ...['-Xms64m', '-Xmx512m', '-XX:MaxMetaspaceSize=256m', '-XX:+ExitOnOutOfMemoryError'],
    ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Duser.language=en', '-Duser.country=US'],
    ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
    '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
    '-Dpicocli.disable.closures=true',
    `-Djava.io.tmpdir=${join(home, 'tmp')}`,
    `-Dkc.home.dir=${home}`,
    `-Djboss.server.config.dir=${join(home, 'conf')}`,
    ...['-cp', join(home, 'lib', 'quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
  ];
}

function createHandle(server: SiteProcess, admin: KeycloakAdmin, origins: RealmOrigins): Keycloak {
  const realmUrl = (realm: RealmName) =>
    `${realm === 'partner' ? origins.partner : origins.main}/realms/${realm}`;
  const accountUrl = (realm: RealmName) => `${realmUrl(realm)}/account/`;
  const isLocked = async (realm: RealmName, username: string) => {
    const id = await admin.userId(realm, username);
    const path = `/${realm}/attack-detection/brute-force/users/${id}`;
    return (await admin.get<{ disabled: boolean }>(path)).disabled;
  };
  const userPath = async (realm: RealmName, username: string) =>
    `/${realm}/users/${await admin.userId(realm, username)}`;
  return {
    origin: origins.main,
    partnerOrigin: origins.partner,
    users: KEYCLOAK_USERS,
    accountUrl,
    loginUrl(realm, locale) {
      const query = new URLSearchParams({
        client_id: 'account',
        redirect_uri: accountUrl(realm),
        response_type: 'code',
        scope: 'openid',
        ...(locale && { ui_locales: locale }),
      });
      return `${realmUrl(realm)}/protocol/openid-connect/auth?${query}`;
    },
    async addUser(realm, user) {
      await admin.post(`/${realm}/users`, userRepresentation(user));
      return user;
    },
    wipeSessions: async (realm, username) => admin.post(`${await userPath(realm, username)}/logout`),
    sessionCount: async (realm, username) =>
      (await admin.get<unknown[]>(`${await userPath(realm, username)}/sessions`)).length,
    async setPassword(realm, username, password) {
      const body = { type: 'password', value: password, temporary: false };
      await admin.put(`${await userPath(realm, username)}/reset-password`, body);
    },
    isLocked,
    async lock(realm, username) {
      const grant = { client_id: 'admin-cli', grant_type: 'password', username, password: 'wrong' };
      await poll(
        async () => {
          await fetch(`${realmUrl(realm)}/protocol/openid-connect/token`, {
            method: 'POST',
            body: new URLSearchParams(grant),
          });
          return isLocked(realm, username);
        },
        { what: `${username} is locked out` },
      );
    },
    attempts: (realm) => readEvents(admin, realm),
    loginPosts: (realm) => server.log().split(`POST /realms/${realm}/login-actions/`).length - 1,
    log: server.log,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

interface EventRepresentation {
  time: number;
  type: string;
  error?: string;
  clientId?: string;
  details?: { username?: string };
}

async function readEvents(admin: KeycloakAdmin, realm: RealmName): Promise<LoginEvent[]> {
  const newestFirst = await admin.get<EventRepresentation[]>(`/${realm}/events?max=1000`);
  return newestFirst.reverse().map(({ time, type, error, clientId, details }) => ({
    timeMs: time,
    type,
    ...(error && { error }),
    ...(clientId && { client: clientId }),
    ...(details?.username && { username: details.username }),
  }));
}
