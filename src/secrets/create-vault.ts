import { createHmac } from 'node:crypto';
import { canonicalJson } from '../digest.ts';
import { decrypt, encrypt } from './aead.ts';
import type { Keyring } from './keyring.ts';
import { type SealContext, type Vault, VaultError } from './vault.ts';

/** The form of a sealed text: `lt1.<key id>.<Base64url of salt, nonce, cipher text, tag>`. */
const SEALED = /^lt1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;

/** A vault over the installation's keys. Hashes change when the first key does. */
export function createVault(keyring: Keyring): Vault {
  return {
    seal(text, context) {
      const { id, key } = keyring.current(`seal:${context.use}`);
      return `lt1.${id}.${encrypt(key, Buffer.from(text), boundTo(id, context)).toString('base64url')}`;
    },
    open(sealed, context) {
      const [, id, body] = SEALED.exec(sealed) ?? [];
      if (id === undefined || body === undefined) {
        throw new VaultError(`A sealed text (${context.use}) does not have the form lt1.<key id>.<data>.`);
      }
      const key = keyring.find(`seal:${context.use}`, id);
      const plain = decrypt(key, Buffer.from(body, 'base64url'), boundTo(id, context));
      if (plain) return plain.toString();
      throw new VaultError(
        `A sealed text (${context.use}) does not open: it was changed, sealed for something else, or sealed with another key "${id}".`,
      );
    },
    hash: (text, purpose) =>
      createHmac('sha256', keyring.current(`hash:${purpose}`).key)
        .update(text)
        .digest('hex'),
  };
}

function boundTo(keyId: string, context: SealContext): string {
  return canonicalJson({ ...context, keyId });
}
