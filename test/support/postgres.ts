import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** What to tell people where PostgreSQL is not installed. */
export const POSTGRES_MISSING =
  'NOT RUN: PostgreSQL is not installed here; get it with: apt-get install postgresql (then run the tests again)';

/** The folder with `initdb` and `pg_ctl`: the newest of Debian's, or one on the path. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'));
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...newestFirst, ...path].find((folder) =>
    ['initdb', 'pg_ctl'].every((name) => existsSync(join(folder, name))),
  );
}

export interface PostgresOptions {
  /** Its superuser, whom nobody asks for a password. Default: `longturn`. */
  user?: string;
  /** A port on 127.0.0.1 beside the unix socket. Default: the socket only. */
  port?: number;
}

/** A private cluster, reachable on a unix socket and, where asked for, on a port of 127.0.0.1. */
export interface PostgresCluster extends AsyncDisposable {
  /** Makes an empty database and returns its URL. */
  createDatabase(name?: string): Promise<string>;
  /** Path of the socket on which the cluster is reached. */
  socketPath: string;
  /** Ends every connection to a database, as a restart or a broken network would. */
  dropConnections(url: string): Promise<void>;
  /** Ends the connections to a database that listen to notifications; returns how many there were. */
  dropListeners(url: string): Promise<number>;
  /** Process id of the server; its connections are served by processes below it. */
  pid(): Promise<number>;
  /** Ends it at once, as a crash would: connections break, and {@link start} begins with recovery. */
  crash(): Promise<void>;
  /** Starts it after a {@link crash}, and returns when it can be used. */
  start(): Promise<void>;
  /** Keeps an exact copy of a database that nobody uses, under a name. */
  copyDatabase(url: string, name: string): Promise<void>;
  /** Puts a database that nobody uses back to the copy of that name. */
  restoreDatabase(url: string, name: string): Promise<void>;
}

/** Starts a cluster in a temporary folder; it is stopped and deleted when disposed of. */
export async function startPostgres({
  user = 'longturn',
  port,
}: PostgresOptions = {}): Promise<PostgresCluster> {
  const bin = findPostgres();
  if (!bin) throw new Error(POSTGRES_MISSING);
  const folder = await mkdtemp(join(tmpdir(), 'longturn-pg-'));
  const data = join(folder, 'data');
  const owner = await ownerFor(folder);
  const as = (program: string, args: string[]) => runAs(owner, join(bin, program), args);
  const pgCtl = (...args: string[]) => as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), ...args]);
  const listens = port === undefined ? '-c listen_addresses=' : `-c listen_addresses=127.0.0.1 -p ${port}`;
  const start = () => pgCtl('-o', `-k ${folder} ${listens} -c fsync=off -c max_connections=120`, 'start');
  const crash = () => pgCtl('-m', 'immediate', 'stop');

  await as('initdb', ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  await start();
  let databases = 0;
  const admin = async (statement: string) => {
    const client = new Client({ host: folder, user, database: 'postgres', ...(port && { port }) });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  const databaseOf = (url: string) => new URL(url).pathname.slice(1);
  return {
    async createDatabase(chosen) {
      databases += 1;
      const name = chosen ?? `store_${databases}`;
      await admin(`create database ${name}`);
      return `postgres:///${name}?host=${folder}&user=${user}${port === undefined ? '' : `&port=${port}`}`;
    },
    socketPath: join(folder, `.s.PGSQL.${port ?? 5432}`),
    async dropListeners(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      // What a connection is doing now, or did last.
      const { rowCount } = await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ~ '^(listen|notify)'",
      );
      await client.end();
      return rowCount ?? 0;
    },
    async dropConnections(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await client.end();
    },
    pid: async () => Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]),
    crash,
    start,
    copyDatabase: (url, name) =>
      admin(`create database ${databaseOf(url)}_${name} template ${databaseOf(url)}`),
    async restoreDatabase(url, name) {
      await admin(`drop database ${databaseOf(url)}`);
      await admin(`create database ${databaseOf(url)} template ${databaseOf(url)}_${name}`);
    },
    async [Symbol.asyncDispose]() {
      await crash().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Owner {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then the folder and the processes are Debian's user `postgres`. */
async function ownerFor(folder: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined)
    throw new Error('There is no user "postgres" to run PostgreSQL as.');
  await chown(folder, uid, gid);
  return { uid, gid };
}

async function runAs(owner: Owner | undefined, program: string, args: string[]): Promise<void> {
  await run(program, args, { cwd: '/', ...owner });
}
