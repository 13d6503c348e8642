import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { decrypt, encrypt } from '../secrets/aead.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { VaultError } from '../secrets/vault.ts';
import { META, type Seal } from '../workflows/seals.ts';
import { isVouched, vouchFor } from './vouching.ts';

const WirePayload = proto.temporal.api.common.v1.Payload;

const ENCODING = 'binary/encrypted';
const KEY_ID = 'longturn-key-id';
const VOUCHED = 'longturn-vouched-by';

type Metadata = NonNullable<Payload['metadata']>;

/**
 * Encrypts every payload that goes to the engine: AES-256-GCM, the key's id in the metadata; inside, for which workflow or
 * activity it is. Decoding for one of them never throws for what was changed, is not encrypted or is another one's: the payload
 * says so (see `Seal`), and whoever takes it decides. Without a context, what was never encrypted is decoded as it is.
 * Throws {@link VaultError} where the key is not known, or, without a context, the payload was changed.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: async (payloads, context) => payloads.map((payload) => encode(keyring, payload, context)),
    decode: async (payloads, context) =>
      payloads.map((payload) =>
        context === undefined ? openAny(keyring, payload) : openFor(keyring, payload, addressOf(context)),
      ),
  };
}

function encode(keyring: Keyring, payload: Payload, context: SerializationContext | undefined): Payload {
  const { id, key } = keyring.current('payload');
  const metadata: Metadata = { ...payload.metadata };
  for (const name of [META.seal, META.fault, META.to]) delete metadata[name];
  if (context) metadata[META.to] = Buffer.from(addressOf(context));
  const plain = WirePayload.encode({ ...payload, metadata }).finish();
  const data = encrypt(key, plain, boundTo(id));
  const vouched = vouchFor(keyring, id, data);
  return {
    metadata: {
      encoding: Buffer.from(ENCODING),
      [KEY_ID]: Buffer.from(id),
      ...(vouched !== undefined && { [VOUCHED]: Buffer.from(vouched) }),
    },
    data,
  };
}

/** For whoever reads a history. */
function openAny(keyring: Keyring, payload: Payload): Payload {
  const keyId = keyIdOf(payload);
  if (keyId === undefined) return payload;
  const opened = open(keyring, payload, keyId);
  if (!opened) throw doesNotOpen(keyId);
  return withMetadata(opened);
}

function openFor(keyring: Keyring, payload: Payload, address: string): Payload {
  const keyId = keyIdOf(payload);
  if (keyId === undefined) return withMetadata(payload, 'none');
  try {
    const opened = open(keyring, payload, keyId);
    if (!opened) return unopened(doesNotOpen(keyId));
    const to = opened.metadata?.[META.to];
    const sentAs = opened.metadata?.[META.sentAs];
    if (!to) return withMetadata(opened, 'unbound');
    if (textOf(to) !== address) return withMetadata(opened, 'foreign');
    return withMetadata(opened, 'bound', sentAs && { [META.sentAs]: sentAs });
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    // One of ours, sealed with a key that has not come here yet: another worker has it.
    if (isVouched(keyring, keyId, payload.data, payload.metadata?.[VOUCHED])) throw error;
    return unopened(error);
  }
}

/** Undefined where it was changed. Throws {@link VaultError} where the key is not known. */
function open(keyring: Keyring, { data }: Payload, keyId: string): Payload | undefined {
  const key = keyring.find('payload', keyId);
  const plain = decrypt(key, data ?? new Uint8Array(), boundTo(keyId));
  return plain && WirePayload.decode(plain);
}

function keyIdOf({ metadata }: Payload): string | undefined {
  const { encoding, [KEY_ID]: keyId } = metadata ?? {};
  return keyId && encoding && textOf(encoding) === ENCODING ? textOf(keyId) : undefined;
}

/** The payload with what we say of it, and nothing that it says of itself. */
function withMetadata(payload: Payload, seal?: Seal, more: Metadata = {}): Payload {
  const metadata: Metadata = { ...payload.metadata };
  for (const name of Object.values(META)) delete metadata[name];
  return { ...payload, metadata: { ...metadata, ...(seal && { [META.seal]: Buffer.from(seal) }), ...more } };
}

/** An empty object in the place of what nobody can read. */
function unopened({ message }: VaultError): Payload {
  const empty = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{}') };
  return withMetadata(empty, 'unopened', { [META.fault]: Buffer.from(message) });
}

function doesNotOpen(keyId: string): VaultError {
  return new VaultError(
    `A payload of the engine does not open: it was changed, or encrypted with another key "${keyId}".`,
  );
}

/** An activity's id is unique in its workflow. */
function addressOf(context: SerializationContext): string {
  if (context.type === 'workflow') return `workflow ${context.workflowId}`;
  return `activity ${context.activityId ?? ''} of ${context.workflowId ?? ''}`;
}

const boundTo = (keyId: string) => `payload ${keyId}`;
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();
