import { createSecretKey, type KeyObject } from 'node:crypto';

/** A key with its id. The key itself is opaque: printing or serialising it shows nothing. */
export interface EncryptionKey {
  /** 1–32 letters, digits, "_" or "-"; stands in front of all that the key has encrypted. */
  id: string;
  /** 256 bits. */
  key: KeyObject;
}

/** How a person makes a key. */
export const HOW_TO_MAKE_A_KEY = 'make one with: echo "k1:$(openssl rand -base64 32)"';

const ID = /^[A-Za-z0-9_-]{1,32}$/;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads keys written `id:base64`, divided by commas or lines; the first one encrypts, all decrypt.
 * The problems tell an entry by its place and never repeat it: it may be a key.
 */
export function parseEncryptionKeys(text: string): { keys: EncryptionKey[]; problems: string[] } {
  const keys: EncryptionKey[] = [];
  const problems: string[] = [];
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length === 0) problems.push(`holds no key; ${HOW_TO_MAKE_A_KEY}`);
  for (const [index, entry] of entries.entries()) {
    const colon = entry.indexOf(':');
    const id = entry.slice(0, Math.max(colon, 0));
    const problem = entryProblem(id, entry.slice(colon + 1)) ?? repeated(keys, id);
    if (problem) problems.push(`entry ${index + 1} ${problem}`);
    else keys.push({ id, key: createSecretKey(Buffer.from(entry.slice(colon + 1), 'base64')) });
  }
  return { keys, problems };
}

function entryProblem(id: string, secret: string): string | undefined {
  if (!ID.test(id)) {
    return `must begin with an id of 1–32 letters, digits, "_" or "-" and a colon; ${HOW_TO_MAKE_A_KEY}`;
  }
  return BASE64.test(secret) ? undefined : `must hold 32 bytes in Base64 after the id; ${HOW_TO_MAKE_A_KEY}`;
}

function repeated(keys: EncryptionKey[], id: string): string | undefined {
  return keys.some((key) => key.id === id)
    ? `repeats the id ${JSON.stringify(id)}; give each key its own`
    : undefined;
}
