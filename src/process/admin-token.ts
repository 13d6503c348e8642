import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { sha256Hex } from '../digest.ts';
import { makeFolder } from '../engine/make-folder.ts';
import { ownerOnlyProblem } from '../secrets/owner-only.ts';
import { FILE_TOKEN_PREFIX } from '../store/ports/tokens.ts';
import type { Store } from '../store/store.ts';
import { StartError } from './start-error.ts';

/** Where a data folder keeps its admin token. */
export interface TokenPlace {
  /** Holds the bare token. */
  file: string;
  /** Whether no other data folder uses the store. */
  alone: boolean;
}

/** How often the file may change under a process that starts. */
const ATTEMPTS = 5;

export function tokenPlace({ tokenFile, store }: Pick<Config, 'tokenFile' | 'store'>): TokenPlace {
  return { file: tokenFile, alone: store.kind === 'sqlite' };
}

/**
 * The admin token of this data folder: made at the first start, readable by its owner only, known to the store by hash.
 * Each data folder has its own, so that several API hosts may share one store. Those that its file held before end here;
 * one that has ended is replaced.
 */
export async function ensureAdminToken(store: Store, place: TokenPlace, now: Date): Promise<string> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const secret = (await readToken(place.file)) ?? (await makeToken(place.file));
    if (!(await claim(store, place, secret, now))) {
      await replace(place.file, newSecret());
      continue;
    }
    // Somebody may have replaced it meanwhile.
    if ((await readToken(place.file)) === secret) return secret;
  }
  throw new StartError(
    `The token file ${place.file} changes all the time. Start one process after the other.`,
  );
}

/** Puts a new admin token into the file and ends the one that was there, in running servers too: within 2 s. */
export async function rotateAdminToken(store: Store, place: TokenPlace, now: Date): Promise<void> {
  makeFolder(path.dirname(place.file));
  await replace(place.file, newSecret());
  await ensureAdminToken(store, place, now);
}

/** Id of the token that the file holds; undefined where it holds none. */
export async function adminTokenId(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : idOf(text.trim());
}

const idOf = (secret: string) => `${FILE_TOKEN_PREFIX}${sha256Hex(secret).slice(0, 12)}`;
const newSecret = () => `lt_${randomBytes(32).toString('base64url')}`;

async function claim({ tokens }: Store, { file, alone }: TokenPlace, secret: string, now: Date) {
  const folder = await folderId(`${file}.folder`);
  const secretHash = sha256Hex(secret);
  return await tokens.claimFileToken({ id: idOf(secret), secretHash, folder, alone, at: now.toISOString() });
}

async function readToken(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(
      `The token file ${file} cannot be read (${error.code}). Mend its permissions, or remove it to get a new token.`,
    );
  });
  if (text === undefined) return undefined;
  const readable = await ownerOnlyProblem(file);
  if (readable) {
    throw new StartError(
      `The token file ${file} ${readable}, then put a new token there with: npm run token:rotate`,
    );
  }
  if (!/^\S{20,200}\s*$/.test(text)) {
    throw new StartError(`The token file ${file} does not hold a token. Remove it to get a new one.`);
  }
  return text.trim();
}

async function makeToken(file: string): Promise<string> {
  const secret = newSecret();
  return (await writeOnce(file, secret)) ? secret : ((await readToken(file)) ?? secret);
}

/** What tells this data folder from others on the same store; made once. */
async function folderId(file: string): Promise<string> {
  await writeOnce(file, randomBytes(12).toString('hex'));
  return (await readFile(file, 'utf8')).trim();
}

/** Writes a file that is not there yet, whole or not at all; false where another process was faster. */
async function writeOnce(file: string, text: string): Promise<boolean> {
  makeFolder(path.dirname(file));
  return await drafted(file, text, async (draft) => {
    try {
      await link(draft, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

async function replace(file: string, text: string): Promise<void> {
  await drafted(file, text, (draft) => rename(draft, file));
}

async function drafted<T>(file: string, text: string, put: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return await put(draft);
  } catch (error) {
    throw new StartError(`The token file ${file} cannot be written (${(error as Error).message}).`);
  } finally {
    await rm(draft, { force: true });
  }
}
