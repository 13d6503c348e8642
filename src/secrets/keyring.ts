import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { EncryptionKey } from './encryption-keys.ts';
import type { SealContext } from './vault.ts';
import { VaultError } from './vault.ts';

/** What a key is used for; each use has a key of its own, derived from the configured one. */
export type KeyUse = 'payload' | `seal:${SealContext['use']}` | `hash:${string}` | `sign:${string}`;

/** A key for one use, with the id of the configured key that it was derived from. */
export interface UseKey {
  id: string;
  /** 256 bits. */
  key: KeyObject;
}

/** The keys of this installation: the first one encrypts and signs, all of them decrypt and verify. */
export interface Keyring {
  /** The first one's. */
  current(use: KeyUse): UseKey;
  /** All others'. */
  others(use: KeyUse): UseKey[];
  /** Throws {@link VaultError}, which says how to mend it, where no key has the id. */
  find(use: KeyUse, id: string): KeyObject;
}

/** A keyring of the given keys; at least one. */
export function createKeyring(keys: readonly EncryptionKey[]): Keyring {
  const [first, ...rest] = keys;
  if (first === undefined) throw new VaultError('A keyring needs a key.');
  const derived = new Map<string, KeyObject>();
  const derive = ({ id, key }: EncryptionKey, use: KeyUse): KeyObject => {
    const name = `${id} ${use}`;
    const known = derived.get(name);
    if (known) return known;
    const made = createSecretKey(Buffer.from(hkdfSync('sha256', key, 'longturn', `lt1 ${use}`, 32)));
    derived.set(name, made);
    return made;
  };
  return {
    current: (use) => ({ id: first.id, key: derive(first, use) }),
    others: (use) => rest.map((each) => ({ id: each.id, key: derive(each, use) })),
    find(use, id) {
      const key = keys.find((each) => each.id === id);
      if (key === undefined) throw unknownKey(id, keys);
      return derive(key, use);
    },
  };
}

function unknownKey(id: string, keys: readonly EncryptionKey[]): VaultError {
  const known = keys.map((key) => key.id).join(', ');
  return new VaultError(
    `Something was encrypted with the key "${printable(id)}", which this process does not have (it has ${known}). ` +
      'All hosts of an installation need the same keys: add it behind the first one in LONGTURN_ENCRYPTION_KEYS, ' +
      'or copy the file "keys" from the data folder of the host that wrote it.',
  );
}

const printable = (text: string) => text.replace(/[^A-Za-z0-9_-]/g, '?').slice(0, 32);

/** The key with which tokens for a purpose are signed (HS256); its id belongs into their header as `kid`. */
export function signingKey(keyring: Keyring, purpose: string): UseKey {
  return keyring.current(`sign:${purpose}`);
}

/** The key that verifies a token of a purpose, by its `kid`. Throws {@link VaultError} where it is not known. */
export function verifyingKey(keyring: Keyring, purpose: string, keyId: string): KeyObject {
  return keyring.find(`sign:${purpose}`, keyId);
}
