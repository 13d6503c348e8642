import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { type EncryptionKey, parseEncryptionKeys } from '../secrets/encryption-keys.ts';
import { createKeyring, type Keyring } from '../secrets/keyring.ts';
import { ownerOnlyProblem } from '../secrets/owner-only.ts';
import { StartError } from './start-error.ts';

const HEAD = `# What Longturn keeps secret is encrypted with these keys: without them it cannot be read.
# One a line, "id:Base64 of 32 bytes"; the first encrypts, all decrypt. Keep a copy, apart from the database.
`;

/**
 * The installation's keys: those of the environment, else those of the data folder's file, which is made at the first
 * start, readable by its owner only.
 */
export async function openKeyring({ encryptionKeys, keysFile }: Config): Promise<Keyring> {
  return createKeyring(encryptionKeys ?? (await readKeys(keysFile)) ?? (await makeKeys(keysFile)));
}

/** As {@link openKeyring}, but makes nothing: undefined where there are no keys yet. */
export async function findKeyring({ encryptionKeys, keysFile }: Config): Promise<Keyring | undefined> {
  const keys = encryptionKeys ?? (await readKeys(keysFile));
  return keys && createKeyring(keys);
}

async function readKeys(file: string): Promise<EncryptionKey[] | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(
      `The keys file ${file} cannot be read (${error.code}). Mend its permissions: it must belong to the user who runs this process.`,
    );
  });
  if (text === undefined) return undefined;
  const readable = await ownerOnlyProblem(file);
  if (readable) throw new StartError(`The keys file ${file} ${readable}`);
  const { keys, problems } = parseEncryptionKeys(text.replace(/^#.*$/gm, ''));
  if (problems.length === 0) return keys;
  throw new StartError(
    `The keys file ${file} is wrong: ${problems.join('; ')}. Put the right one back: what was encrypted with its keys opens with nothing else.`,
  );
}

async function makeKeys(file: string): Promise<EncryptionKey[]> {
  // An id of its own: keys of two hosts that were not shared are told apart.
  const key = `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(draft, `${HEAD}${key}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // Whole or not at all, and never over another process's.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new StartError(
        `The keys file ${file} cannot be made (${(error as Error).message}). Mend the folder, or set LONGTURN_ENCRYPTION_KEYS.`,
      );
    }
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKeys(file)) ?? [];
}
