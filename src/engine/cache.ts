import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BinarySource, type EngineBinary, isExecutable, versionOf } from './binary.ts';
import { isAsRecorded, recordFileDigest } from './cache-record.ts';
import { EngineError, reasonOf } from './engine-error.ts';
import { type ExclusiveLock, tryLock } from './exclusive-lock.ts';
import { makeFolder } from './make-folder.ts';
import { buildIdentity } from './pinned-build.ts';
import { ENGINE_VERSION } from './pinned-version.ts';
import { poll } from './poll.ts';
import type { Report } from './progress.ts';

const WAIT_FOR_OTHERS_MS = 30 * 60_000;
const SUFFIX = '.part';

/** Which binary is wanted, and where it is kept. */
export interface CachePlace {
  cacheDir: string;
  /** Built by the profile that is kept with the pinned module. */
  profileGuided: boolean;
}

/** Where the pinned binary for this kind of machine is kept in the cache. Another profile or module is another file. */
export function cachedBinaryPath({ cacheDir, profileGuided }: CachePlace): string {
  const machine = `${process.platform}-${process.arch}`;
  return join(cacheDir, `temporal-${ENGINE_VERSION}-${machine}-${buildIdentity(profileGuided)}`);
}

/** The pinned binary from the cache; undefined where it is missing, or is not the one that was put there. */
export async function cachedBinary(place: CachePlace): Promise<EngineBinary | undefined> {
  const path = cachedBinaryPath(place);
  // It told its version before it was kept, so it is not run for that again.
  const isKept = isExecutable(path) && (await isAsRecorded(path));
  return isKept ? { path, version: ENGINE_VERSION, source: 'cache' } : undefined;
}

/**
 * Has `produce` write the pinned binary into a new folder in the cache and takes it over once it works, whole or not at all.
 * `produce` gives the path of what it wrote, or undefined where it could not. Undefined: there is none, or it does not work.
 */
export async function installBinary(
  place: CachePlace,
  source: BinarySource,
  report: Report,
  produce: (folder: string) => Promise<string | undefined>,
): Promise<EngineBinary | undefined> {
  const folder = join(place.cacheDir, `${source}-${process.pid}${SUFFIX}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    const produced = await produce(folder);
    if (!produced) return undefined;
    const version = await versionOf(produced);
    if (version !== ENGINE_VERSION) {
      report(`The binary from the ${source} does not work as Temporal ${ENGINE_VERSION}; passed over.`);
      return undefined;
    }
    // A power cut after the rename must not leave a file with holes under the good name.
    const file = openSync(produced, 'r');
    fsyncSync(file);
    closeSync(file);
    const path = cachedBinaryPath(place);
    renameSync(produced, path);
    await recordFileDigest(path);
    return { path, version, source };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does `work` while no other process fills the cache; waits for one that does. */
export async function withCacheLock<T>(cacheDir: string, report: Report, work: () => Promise<T>): Promise<T> {
  const lock = await lockCache(cacheDir, report);
  try {
    removeRemains(cacheDir);
    return await work();
  } finally {
    lock.release();
  }
}

async function lockCache(cacheDir: string, report: Report): Promise<ExclusiveLock> {
  const file = join(cacheDir, 'cache.lock');
  try {
    makeFolder(cacheDir);
    const free = tryLock(file);
    if (free) return free;
    report('Another process is getting the Temporal server; waiting for it.');
    const later = await poll(() => tryLock(file), { timeoutMs: WAIT_FOR_OTHERS_MS, everyMs: 200 });
    if (later) return later;
  } catch (error) {
    const message = `The cache folder ${cacheDir} cannot be used: ${reasonOf(error)}. Mend it, or set XDG_CACHE_HOME to another.`;
    throw new EngineError('binary_missing', message, { cause: error });
  }
  throw new EngineError(
    'binary_missing',
    `Another process has held ${file} for half an hour. End it and start again.`,
  );
}

function removeRemains(cacheDir: string): void {
  if (!existsSync(cacheDir)) return;
  for (const name of readdirSync(cacheDir).filter((entry) => entry.endsWith(SUFFIX))) {
    rmSync(join(cacheDir, name), { recursive: true, force: true });
  }
}
