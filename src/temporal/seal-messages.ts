import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { VaultError } from '../secrets/vault.ts';
import { META, markOf, named, sentAs } from '../workflows/seals.ts';

/**
 * Has every start, signal and Update of a client encrypted together with the name under which it is sent; a workflow compares
 * it with the name under which it comes (`workflows/sealed-run.ts`). Answers are taken from our own workers only.
 */
export const sealMessages: WorkflowClientInterceptor = {
  startWithDetails: ({ options, ...input }, next) =>
    next({ ...input, options: { ...options, args: as(named.start(input.workflowType), options.args) } }),
  signal: (input, next) => next({ ...input, args: as(named.signal(input.signalName), input.args) }),
  signalWithStart: ({ options, ...input }, next) =>
    next({
      ...input,
      signalArgs: as(named.signal(input.signalName), input.signalArgs),
      options: { ...options, args: as(named.start(input.workflowType), options.args) },
    }),
  async startUpdate(input, next) {
    const output = await next({ ...input, args: as(named.update(input.updateName), input.args) });
    assertEncrypted(output.outcome?.success?.payloads?.[0]?.metadata);
    return output;
  },
  async startUpdateWithStart({ workflowStartOptions: options, ...input }, next) {
    const output = await next({
      ...input,
      updateArgs: as(named.update(input.updateName), input.updateArgs),
      workflowStartOptions: { ...options, args: as(named.start(input.workflowType), options.args) },
    });
    assertEncrypted(output.updateOutcome?.success?.payloads?.[0]?.metadata);
    return output;
  },
  async query(input, next) {
    const answer = await next(input);
    const seal = markOf(answer)?.seal;
    if (seal === 'none' || seal === 'foreign') throw notOurs();
    return answer;
  },
};

/** The name goes with the first argument; a message without one gets an empty one for that. */
function as(name: string, [first = {}, ...rest]: unknown[]): unknown[] {
  return [typeof first === 'object' && first !== null ? sentAs(first, name) : first, ...rest];
}

/** For clients: what does not open is an error, not an answer. */
export function answersOnly(codec: PayloadCodec): PayloadCodec {
  return {
    encode: (payloads, context) => codec.encode(payloads, context),
    async decode(payloads, context) {
      const decoded = await codec.decode(payloads, context);
      for (const { metadata } of decoded) {
        const fault = metadata?.[META.fault];
        if (fault) throw new VaultError(Buffer.from(fault).toString());
      }
      return decoded;
    },
  };
}

function assertEncrypted(metadata: Record<string, Uint8Array> | null | undefined): void {
  const encoding = metadata?.['encoding'];
  if (encoding && Buffer.from(encoding).toString() !== 'binary/encrypted') throw notOurs();
}

function notOurs(): VaultError {
  return new VaultError('An answer of the engine was not made by a worker of this installation.');
}
