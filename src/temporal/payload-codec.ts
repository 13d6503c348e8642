import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { decrypt, encrypt } from '../secrets/aead.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { VaultError } from '../secrets/vault.ts';

const WirePayload = proto.temporal.api.common.v1.Payload;

const ENCODING = 'binary/encrypted';
const KEY_ID = 'longturn-key-id';

/**
 * Encrypts every payload that goes to the engine: AES-256-GCM, the key's id in the metadata. A payload that was never
 * encrypted is decoded as it is. Decoding throws {@link VaultError} where the key is not known or the payload was changed.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => encode(keyring, payload)),
    decode: async (payloads) => payloads.map((payload) => decode(keyring, payload)),
  };
}

function encode(keyring: Keyring, payload: Payload): Payload {
  const { id, key } = keyring.current('payload');
  const plain = WirePayload.encode(payload).finish();
  return {
    metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: encrypt(key, plain, boundTo(id)),
  };
}

function decode(keyring: Keyring, payload: Payload): Payload {
  const { encoding, [KEY_ID]: keyId } = payload.metadata ?? {};
  if (!keyId || !encoding || textOf(encoding) !== ENCODING) return payload;
  const id = textOf(keyId);
  const plain = decrypt(keyring.find('payload', id), payload.data ?? new Uint8Array(), boundTo(id));
  if (plain) return WirePayload.decode(plain);
  throw new VaultError(
    `A payload of the engine does not open: it was changed, or encrypted with another key "${id}".`,
  );
}

const boundTo = (keyId: string) => `payload ${keyId}`;
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();
