import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { tryLock } from '../../src/engine/exclusive-lock.ts';
import { makeFolder } from '../../src/engine/make-folder.ts';
import { poll } from './poll.ts';

const SUFFIX = '.part';
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** A folder of the cache: `$XDG_CACHE_HOME/longturn/<name>`, else below `~/.cache`. */
function cacheFolder(name: string): string {
  const configured = process.env['XDG_CACHE_HOME'];
  const home = configured && isAbsolute(configured) ? configured : join(homedir(), '.cache');
  return join(home, 'longturn', name);
}

/**
 * The folder `name` of a folder of the cache. Where it is missing, `install` fills an empty folder that is then given that name, whole
 * or not at all; other processes that want one meanwhile wait. What is in the folder is never changed again.
 */
export async function installOnce(
  cacheName: string,
  name: string,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const cache = cacheFolder(cacheName);
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  makeFolder(cache);
  const lock = await poll(() => tryLock(join(cache, 'cache.lock')), {
    what: `no other process installs into ${cache}`,
    timeoutMs: INSTALL_TIMEOUT_MS,
    everyMs: 200,
  });
  try {
    if (existsSync(folder)) return folder;
    removeRemains(cache);
    const part = `${folder}${SUFFIX}`;
    mkdirSync(part);
    await install(part);
    renameSync(part, folder);
    return folder;
  } finally {
    lock.release();
  }
}

function removeRemains(cache: string): void {
  for (const name of readdirSync(cache).filter((entry) => entry.endsWith(SUFFIX))) {
    rmSync(join(cache, name), { recursive: true, force: true });
  }
}
