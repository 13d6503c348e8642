import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { sha256OfFile } from '../../../src/engine/file-digest.ts';
import { SiteError } from './site-error.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const STALL_TIMEOUT_MS = 60_000;

export interface FetchFileOptions {
  url: string;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
  /** Where it is written. */
  file: string;
}

/**
 * Downloads a file, through the proxy of the environment where there is one.
 * @throws {SiteError} where it cannot be had, or is not the file that was expected.
 */
export async function fetchFile({ url, sha256, file }: FetchFileOptions): Promise<void> {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  try {
    const answer = await fetch(url, { dispatcher });
    if (!answer.ok || !answer.body) throw new Error(`it answered ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
  } catch (error) {
    throw new SiteError(`${url} could not be downloaded: ${rootReason(error)}`, { cause: error });
  } finally {
    await dispatcher.destroy();
  }
  const found = await sha256OfFile(file);
  if (found !== sha256)
    throw new SiteError(`${url} is not the expected file: its SHA-256 is ${found}, not ${sha256}.`);
}

function rootReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause ? rootReason(error.cause) : error.message;
}
