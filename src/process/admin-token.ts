import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex } from '../digest.ts';
import type { Store } from '../store/store.ts';
import { StartError } from './start-error.ts';

/**
 * The admin token of this data folder: made at the first start, readable by its owner only, known to the store by hash.
 * Each data folder has its own, so that several API hosts may share one store.
 */
export async function ensureAdminToken({ tokens }: Store, file: string, now: Date): Promise<string> {
  const secret = (await readToken(file)) ?? (await makeToken(file));
  const secretHash = sha256Hex(secret);
  const isKnown = async () => (await tokens.findByHash(secretHash)) !== undefined;
  if (await isKnown()) return secret;
  const id = `admin_${secretHash.slice(0, 12)}`;
  const token = { id, name: 'admin', scopes: ['admin' as const], secretHash, createdAt: now.toISOString() };
  await tokens.create(token).catch(async (error) => {
    // Another process of this data folder may have been faster.
    if (!(await isKnown())) throw error;
  });
  return secret;
}

async function readToken(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(
      `The token file ${file} cannot be read (${error.code}). Mend its permissions, or remove it to get a new token.`,
    );
  });
  if (text !== undefined && !/^\S{20,200}\s*$/.test(text)) {
    throw new StartError(`The token file ${file} does not hold a token. Remove it to get a new one.`);
  }
  return text?.trim();
}

async function makeToken(file: string): Promise<string> {
  const secret = `lt_${randomBytes(32).toString('base64url')}`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${secret}\n`);
    return secret;
  } catch (error) {
    // Another process of this data folder was faster.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return (await readToken(file)) ?? secret;
    throw new StartError(`The token file ${file} cannot be written (${(error as Error).message}).`);
  }
}
