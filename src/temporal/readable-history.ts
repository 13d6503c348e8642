import type { PayloadCodec } from '@temporalio/common';
import { CodecPayload, createCodecEndpoint } from './codec-endpoint.ts';

type JsonObject = Record<string, unknown>;

/**
 * A history (proto JSON) as it would be without codec and failure converter: payloads decoded, messages and stacks of
 * failures in their places. Throws {@link VaultError} where a payload does not open.
 */
export async function readableHistory(history: unknown, codec?: PayloadCodec): Promise<unknown> {
  const endpoint = codec && createCodecEndpoint(codec);
  const decoded = endpoint
    ? await mapPayloads(
        history,
        async (payload) => (await endpoint.decode({ payloads: [payload] })).payloads[0],
      )
    : history;
  return withPlainFailures(decoded);
}

/** A copy of a history (proto JSON) in which each payload is what `change` makes of it. */
export async function mapPayloads(
  value: unknown,
  change: (payload: CodecPayload) => Promise<unknown>,
): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map((each) => mapPayloads(each, change)));
  if (!isObject(value)) return value;
  const payload = isPayload(value) ? CodecPayload.safeParse(value) : undefined;
  if (payload?.success) return await change(payload.data);
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await mapPayloads(inner, change)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Failures whose message and stack were put into a payload have them back. */
function withPlainFailures(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainFailures);
  if (!isObject(value)) return value;
  const { encodedAttributes, ...others } = value;
  const plain = Object.fromEntries(
    Object.entries(others).map(([key, inner]) => [key, withPlainFailures(inner)]),
  );
  if (encodedAttributes === undefined) return plain;
  const { data } = CodecPayload.parse(encodedAttributes);
  const { message, stack_trace: stackTrace } = JSON.parse(Buffer.from(data ?? '', 'base64').toString());
  return { ...plain, ...(message && { message }), ...(stackTrace && { stackTrace }) };
}

function isPayload(value: JsonObject): boolean {
  return isObject(value['metadata']) && typeof value['metadata']['encoding'] === 'string';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
