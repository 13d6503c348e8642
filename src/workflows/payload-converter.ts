import {
  defaultPayloadConverter,
  type Payload,
  type PayloadConverter,
  type SerializationContext,
} from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding.js';
import { isSealedRun } from './sealed-run-state.ts';
import { type Mark, META, mark, nameOf, type Seal } from './seals.ts';

/** Carries what {@link Mark} says between codec and values; loaded by path, by this name. */
export const payloadConverter: PayloadConverter = {
  toPayload(value) {
    const payload = defaultPayloadConverter.toPayload(value);
    const name = nameOf(value);
    if (name === undefined) return payload;
    return { ...payload, metadata: { ...payload.metadata, [META.sentAs]: encode(name) } };
  },
  fromPayload<T>(payload: Payload, context?: SerializationContext): T {
    const of = markIn(payload);
    if (of && context?.type === 'activity') refuseForged(of);
    const value = defaultPayloadConverter.fromPayload<T>(payload);
    if (of) mark(value, of);
    return value;
  },
};

/**
 * Inputs and results of activities come from our own workers and workflows only. A result is refused by a throw, which fails the
 * workflow task: the turn stands still, and can be reset to before it. Turns of version 0.1 were not encrypted.
 */
function refuseForged({ seal, fault }: Mark): void {
  if (seal === 'bound' || seal === 'unbound') return;
  if (seal === 'none' && isSealedRun() === false) return;
  throw new Error(
    fault ?? `An input or a result of an activity was not made by this installation (${seal}).`,
  );
}

function markIn({ metadata }: Payload): Mark | undefined {
  const seal = textIn(metadata, META.seal);
  if (seal === undefined) return undefined;
  const [sentAs, fault] = [textIn(metadata, META.sentAs), textIn(metadata, META.fault)];
  return {
    seal: seal as Seal,
    ...(sentAs !== undefined && { sentAs }),
    ...(fault !== undefined && { fault }),
  };
}

function textIn(metadata: Payload['metadata'], name: string): string | undefined {
  const bytes = metadata?.[name];
  return bytes ? decode(bytes) : undefined;
}
