import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';

const Bytes = z.base64();
/** A payload as the engine's UI and CLI send it: proto JSON, in which bytes are Base64. */
export const CodecPayload = z.object({
  metadata: z.record(z.string(), Bytes).optional(),
  data: Bytes.optional(),
});
export type CodecPayload = z.infer<typeof CodecPayload>;

/** Body and answer of `POST …/encode` and `POST …/decode`, Temporal's protocol for remote codecs. */
export const CodecBody = z.object({ payloads: z.array(CodecPayload).max(10_000) });
export type CodecBody = z.infer<typeof CodecBody>;

/** The two calls of a remote codec. */
export interface CodecEndpoint {
  encode(body: CodecBody): Promise<CodecBody>;
  /** Throws {@link VaultError} where the key is not known or the payload was changed. */
  decode(body: CodecBody): Promise<CodecBody>;
}

/** Serves a codec to the engine's UI and CLI. */
export function createCodecEndpoint(codec: PayloadCodec): CodecEndpoint {
  return {
    encode: async ({ payloads }) => ({ payloads: (await codec.encode(payloads.map(fromJson))).map(toJson) }),
    decode: async ({ payloads }) => ({ payloads: (await codec.decode(payloads.map(fromJson))).map(toJson) }),
  };
}

function fromJson({ metadata = {}, data }: CodecPayload): Payload {
  const entries = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? '', 'base64') };
}

function toJson({ metadata, data }: Payload): CodecPayload {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, base64(value)]);
  // Proto JSON leaves out what is empty.
  return { metadata: Object.fromEntries(entries), ...(data?.length && { data: base64(data) }) };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
