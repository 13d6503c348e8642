import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnGuarded } from '../../../src/engine/guard.ts';
import { HopelessError, poll } from '../../support/poll.ts';
import { SiteError } from './site-error.ts';

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_TAIL_CHARACTERS = 4_000;

export interface SiteCommand {
  /** How people call the site, for errors. */
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment, besides PATH, HOME and LANG of ours. */
  env: Readonly<Record<string, string>>;
  /** Working folder and home of all that the site writes; see {@link makeSiteFolder}. Deleted when the site has ended. */
  folder: string;
  /** Answers 200 once the site is ready. */
  readyUrl: string;
}

/** A site that answers. It ends about 1 s after the test process, however that ends. */
export interface SiteProcess extends AsyncDisposable {
  pid: number;
  /** All that it has printed so far. */
  log(): string;
}

/** A new temporary folder for one running site. */
export function makeSiteFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `longturn-real-site-${name}-`));
}

/**
 * Starts a site and returns once it is ready.
 * @throws where it is not ready within two minutes, or ends before; the error has the tail of its log.
 */
export async function startSite(site: SiteCommand): Promise<SiteProcess> {
  const logFile = join(site.folder, 'site.log');
  const output = openSync(logFile, 'w');
  // Each program of the chain becomes the next, so the guarded process is the site itself.
  const chain = ['-c', 'cd "$0" && exec "$@"', site.folder, 'env', '-i', ...variables(site.env)];
  const server = await spawnGuarded('/bin/sh', [...chain, site.command, ...site.args], output);
  closeSync(output);
  const log = () => readFileSync(logFile, 'utf8');
  const running: SiteProcess = {
    pid: server.pid,
    log,
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM');
      const killer = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await server.exited;
      clearTimeout(killer);
      rmSync(site.folder, { recursive: true, force: true });
    },
  };
  try {
    await ready(site, () => server.isAlive());
    return running;
  } catch (error) {
    const tail = log().slice(-LOG_TAIL_CHARACTERS);
    await running[Symbol.asyncDispose]();
    throw new SiteError(`${site.name} did not start. The end of its log:\n${tail}`, { cause: error });
  }
}

async function ready(site: SiteCommand, isAlive: () => boolean): Promise<void> {
  const what = `${site.name} answers 200 at ${site.readyUrl}`;
  const answers = async () => {
    if (!isAlive()) throw new HopelessError(`${site.name} has ended before it was ready.`);
    return (await fetch(site.readyUrl, { signal: AbortSignal.timeout(10_000) })).status === 200;
  };
  await poll(answers, { what, timeoutMs: READY_TIMEOUT_MS, everyMs: 100 });
}

function variables(env: Readonly<Record<string, string>>): string[] {
  const ours = ['PATH', 'HOME', 'LANG'].map((name) => [name, process.env[name] ?? ''] as const);
  return [...ours, ...Object.entries(env)].map(([name, value]) => `${name}=${value}`);
}
