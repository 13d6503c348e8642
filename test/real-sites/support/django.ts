import { join } from 'node:path';
import { runCommand } from '../../../src/engine/run-command.ts';
import { freePort } from '../../support/processes.ts';
import { installDjango } from './django-install.ts';
import { SiteError } from './site-error.ts';
import { makeSiteFolder, startSite } from './site-process.ts';

const SITE = join(import.meta.dirname, 'django-site.py');

/** `clerk` may log in but sees nothing; `guest` has an account that the admin refuses. */
export const DJANGO_USERS = {
  root: { username: 'root', password: 'root-Pa55-word', is_staff: true, is_superuser: true },
  clerk: { username: 'clerk', password: 'clerk-Pa55-word', is_staff: true, is_superuser: false },
  guest: { username: 'guest', password: 'guest-Pa55-word', is_staff: false, is_superuser: false },
} as const;

/** A running Django with nothing but its admin. */
export interface Django extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** The admin's first page; it leads to the login page whoever is not logged in. */
  adminUrl: string;
  loginUrl: string;
  users: typeof DJANGO_USERS;
  /** Logs somebody out everywhere. */
  wipeSessions(username: string): Promise<void>;
  /** Changes somebody's password elsewhere, which also ends their sessions. */
  setPassword(username: string, password: string): Promise<void>;
  /** How many login forms it was sent so far, good or bad. */
  loginPosts(): number;
  /** All that Django has printed so far: a line for each request. */
  log(): string;
}

/** Installs Django where needed and starts it on a free port of the loopback, with an empty database. */
export async function startDjango(): Promise<Django> {
  const { folder: packages, python } = await installDjango();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const origin = `http://${address}`;
  const folder = makeSiteFolder('django');
  const env = { PYTHONPATH: packages, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
  const site = await startSite({
    name: 'Django',
    command: python,
    args: [SITE, 'serve', address],
    env: { ...env, SITE_USERS: JSON.stringify(Object.values(DJANGO_USERS)) },
    folder,
    readyUrl: `${origin}/admin/login/`,
  });
  const manage = async (...args: string[]) => {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const command = [...variables, python, SITE, ...args];
    const { code, stderr } = await runCommand('env', command, { timeoutMs: 30_000, cwd: folder });
    if (code !== 0) throw new SiteError(`Django could not ${args[0]} ${args[1]}:\n${stderr}`);
  };
  return {
    origin,
    adminUrl: `${origin}/admin/`,
    loginUrl: `${origin}/admin/login/?next=/admin/`,
    users: DJANGO_USERS,
    wipeSessions: (username) => manage('wipe', username),
    setPassword: (username, password) => manage('password', username, password),
    loginPosts: () => site.log().split('"POST /admin/login/').length - 1,
    log: site.log,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}
