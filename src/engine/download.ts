import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { reasonOf } from './engine-error.ts';
import { sha256OfFile } from './file-digest.ts';
import { ENGINE_VERSION } from './pinned-version.ts';
import { type Report, withProgress } from './progress.ts';
import { runCommand } from './run-command.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 20_000;

/** Temporal's download service, the one its SDKs use. */
export const DOWNLOAD_URL = 'https://temporal.download';

interface ArchiveInfo {
  archiveUrl: string;
  fileToExtract: string;
}

/**
 * Downloads the pinned binary into `folder`; undefined, with the reason reported, where the machine is offline
 * (given up after 5 s), the download fails, or the archive has not the SHA-256 that is pinned: then nothing of it is
 * unpacked, and it is removed.
 */
export async function downloadBinary(
  folder: string,
  sha256: string,
  report: Report,
  baseUrl: string = DOWNLOAD_URL,
): Promise<string | undefined> {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  try {
    const info = await archiveInfo(baseUrl, dispatcher);
    const archive = join(folder, 'archive.tar.gz');
    await withProgress(`Downloading the Temporal server ${ENGINE_VERSION}`, report, () =>
      saveTo(archive, info.archiveUrl, dispatcher),
    );
    await assertDigest(archive, sha256, info.archiveUrl);
    return await unpack(archive, info.fileToExtract, folder);
  } catch (error) {
    report(`The Temporal server could not be downloaded from ${baseUrl}: ${rootReason(error)}`);
    return undefined;
  } finally {
    await dispatcher.destroy();
  }
}

async function archiveInfo(baseUrl: string, dispatcher: EnvHttpProxyAgent): Promise<ArchiveInfo> {
  const platform = process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `${baseUrl}/cli/v${ENGINE_VERSION}?arch=${arch}&platform=${platform}&format=tar.gz`;
  const answer = await fetch(url, { dispatcher, signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const { archiveUrl, fileToExtract } = (await answer.json()) as Partial<ArchiveInfo>;
  if (!archiveUrl || !fileToExtract) throw new Error(`${url} answered without an archive`);
  return { archiveUrl, fileToExtract };
}

async function saveTo(file: string, url: string, dispatcher: EnvHttpProxyAgent): Promise<void> {
  const answer = await fetch(url, { dispatcher });
  if (!answer.ok || !answer.body) throw new Error(`${url} answered ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
}

async function assertDigest(archive: string, expected: string, url: string): Promise<void> {
  const found = await sha256OfFile(archive);
  if (found === expected) return;
  rmSync(archive);
  throw new Error(
    `${url} is not the archive that is pinned: its SHA-256 is ${found}, expected was ${expected} (engine/downloads.json). It was removed and nothing of it was run. Somebody between here and there may have changed it: try another network, or compare with the release's checksums.txt (npm run engine:pin -- --check).`,
  );
}

async function unpack(archive: string, member: string, folder: string): Promise<string> {
  const { code, stderr } = await runCommand('tar', ['-xzf', archive, '-C', folder, member], {
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(`tar could not unpack it: ${stderr.trim()}`);
  return join(folder, member);
}

function rootReason(error: unknown): string {
  return types.isNativeError(error) && error.cause ? rootReason(error.cause) : reasonOf(error);
}
