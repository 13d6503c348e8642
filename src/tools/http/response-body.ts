import { pipeline, type Readable, type Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { errorCode } from '../system-error.ts';

/** Most bytes of a body that are kept, after decompression. */
export const MAX_BODY_BYTES = 1_048_576;

const TEXT_TYPE = /^text\/|[/+](json|xml|yaml|x-yaml|javascript|x-www-form-urlencoded|x-ndjson|graphql)$/;

/** The first MiB of a body, decompressed. */
export interface ResponseBody {
  bytes: Buffer;
  /** Whether there was more. */
  cut: boolean;
}

/** Reads a body, never more than 1 MiB, however much it unpacks to. */
export async function readBody({ body, headers }: Dispatcher.ResponseData): Promise<ResponseBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of decoded(
    body,
    String(headers['content-encoding'] ?? ''),
  ) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BODY_BYTES) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES), cut: length > MAX_BODY_BYTES };
}

function decoded(body: Readable, encoding: string): Readable {
  const decoder = decoderOf(encoding.trim().toLowerCase());
  if (decoder === undefined) return body;
  // The reader of the decoder gets the error that the callback is passed.
  return pipeline(body, decoder, () => {});
}

function decoderOf(encoding: string): Transform | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** The body as the model reads it: text, or size and type of what is none. */
export function showBody({ bytes, cut }: ResponseBody, contentType: string): string {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (bytes.length === 0) return '';
  const size = cut ? `more than ${MAX_BODY_BYTES} bytes` : `${bytes.length} bytes`;
  const isText = type === '' || TEXT_TYPE.test(type.toLowerCase());
  if (!isText || bytes.includes(0)) return `[binary body: ${size}, ${type || 'unknown type'}]`;
  const text = decoderFor(parameters).decode(bytes);
  return cut ? `${text}\n[body cut at ${MAX_BODY_BYTES} bytes]` : text;
}

function decoderFor(parameters: string[]): TextDecoder {
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  try {
    return new TextDecoder(charset?.replaceAll('"', '') || 'utf-8');
  } catch (error) {
    if (errorCode(error) === 'ERR_ENCODING_NOT_SUPPORTED') return new TextDecoder();
    throw error;
  }
}
