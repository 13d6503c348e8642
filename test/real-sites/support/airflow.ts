import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/engine/run-command.ts';
import { installOnce } from '../../support/install-once.ts';
import { freePort } from '../../support/processes.ts';
import { installPackages } from '../../support/python-packages.ts';
import { SiteError } from './site-error.ts';
import { makeSiteFolder, startSite } from './site-process.ts';
import { ADA, countOf, type SmallSite } from './small-site.ts';

const REQUIREMENTS = join(import.meta.dirname, 'airflow-requirements.txt');
const MIGRATE_TIMEOUT_MS = 5 * 60_000;

const VERSION = /^apache-airflow==(\S+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1] ?? '';

/**
 * Apache Airflow's web server with its own user management, from PyPI: a single-page application whose login page is another.
 * Its wheels are those of Python 3.11 on Linux, x86-64.
 */
export async function startAirflow(): Promise<SmallSite> {
  const { folder: packages, python } = await installPackages({
    name: 'Airflow',
    requirements: REQUIREMENTS,
    oldestPython: [3, 11],
    cache: 'real-sites',
  });
  const database = await migratedDatabase(packages, python);
  const port = await freePort();
  const folder = makeSiteFolder('airflow');
  cpSync(database, join(folder, 'airflow.db'));
  const passwords = join(folder, 'passwords.json');
  writeFileSync(passwords, JSON.stringify({ [ADA.username]: ADA.password }));
  const origin = `http://localhost:${port}`;
  const site = await startSite({
    name: 'Airflow',
    command: python,
    args: ['-m', 'airflow', 'api-server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    env: {
      ...variables(packages, folder),
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${ADA.username}:admin`,
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwords,
      AIRFLOW__API_AUTH__JWT_SECRET:
        'for tests on this machine only: it signs what nobody else sees, so it may be known',
    },
    folder,
    readyUrl: `http://127.0.0.1:${port}/auth/login`,
  });
  return {
    name: `Apache Airflow ${VERSION}`,
    origin,
    loginUrl: `${origin}/`,
    user: ADA,
    loginPosts: () => countOf(site.log(), 'method=POST path=/auth/token'),
    // Its page sends what was refused once more by itself.
    postsOfRefusal: 2,
    complaint: /invalid credentials/i,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

function variables(packages: string, home: string): Record<string, string> {
  return {
    PYTHONPATH: packages,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
  };
}

/** A new database with all tables: making it takes longer than starting the server. */
async function migratedDatabase(packages: string, python: string): Promise<string> {
  const name = `airflow-${VERSION}-database`;
  const folder = await installOnce('real-sites', name, async (part) => {
    const env = Object.entries(variables(packages, part)).map(([key, value]) => `${key}=${value}`);
    const command = [
      '-i',
      `PATH=${process.env['PATH']}`,
      `HOME=${part}`,
      ...env,
      python,
      '-m',
      'airflow',
      'db',
      'migrate',
    ];
    const { code, stderr } = await runCommand('env', command, { timeoutMs: MIGRATE_TIMEOUT_MS });
    if (code !== 0) throw new SiteError(`Airflow could not make its database:\n${stderr.slice(-4_000)}`);
    rmSync(join(part, 'logs'), { recursive: true, force: true });
  });
  return join(folder, 'airflow.db');
}
