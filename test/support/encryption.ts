import { createSecretKey, randomBytes } from 'node:crypto';
import type { EncryptionKey } from '../../src/secrets/encryption-keys.ts';
import { createKeyring, type Keyring } from '../../src/secrets/keyring.ts';

/** A random key with this id. */
export function newKey(id: string): EncryptionKey {
  return { id, key: createSecretKey(randomBytes(32)) };
}

/** A keyring of random keys with these ids. */
export function newKeyring(...ids: string[]): Keyring {
  return createKeyring(ids.map(newKey));
}
