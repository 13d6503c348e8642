import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a random nonce: salt, nonce, cipher text, tag. `bound` is authenticated and not contained.
 * Each message has a key of its own, made from the salt: with one key for all, random nonces of 96 bits would be safe for
 * 2^32 messages only.
 */
export function encrypt(key: KeyObject, plain: Uint8Array, bound: string): Buffer {
  const random = randomBytes(SALT_BYTES + NONCE_BYTES);
  const nonce = random.subarray(SALT_BYTES);
  const cipher = createCipheriv('aes-256-gcm', messageKey(key, random.subarray(0, SALT_BYTES)), nonce);
  cipher.setAAD(Buffer.from(bound));
  return Buffer.concat([random, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** What {@link encrypt} was given; undefined where key or `bound` are others, or the message was changed. */
export function decrypt(key: KeyObject, message: Uint8Array, bound: string): Buffer | undefined {
  if (message.length < SALT_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
  const salt = message.subarray(0, SALT_BYTES);
  const nonce = message.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', messageKey(key, salt), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(message.subarray(-TAG_BYTES));
  const body = decipher.update(message.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch (error) {
    // The one thing that `final` refuses is a tag that does not fit.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** As a key object: given its bytes, Node makes a cipher in three times the time. */
function messageKey(key: KeyObject, salt: Uint8Array): KeyObject {
  return createSecretKey(createHmac('sha256', key).update(salt).digest());
}
