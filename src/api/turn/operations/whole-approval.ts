import { setTimeout as delay } from 'node:timers/promises';
import type { Approval, JsonObject } from '../../../contract/index.ts';
import type { Store } from '../../../store/store.ts';
import type { AnsweredApproval } from '../../../temporal/turn/turn-gateway.ts';

const RECORD_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 20;

/**
 * A record with the inputs that the workflow left out of its answer, from the store. `edited`: the input that the decision
 * brought, where the record is of that decision. What the store does not know within 2 s stays `{}`.
 */
export async function wholeApproval(
  { approvals }: Store,
  { omitted, ...approval }: AnsweredApproval,
  edited?: JsonObject,
): Promise<Approval> {
  if (omitted === undefined) return approval;
  const isWanting = (name: 'input' | 'editedInput') => omitted.includes(name);
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    const row = await approvals.get(approval.callId);
    const editedInput = edited ?? row?.editedInput;
    const isWhole = row !== undefined && (!isWanting('editedInput') || editedInput !== undefined);
    if (isWhole || waitedMs >= RECORD_WITHIN_MS) {
      return {
        ...approval,
        ...(isWanting('input') && row && { input: row.input }),
        ...(isWanting('editedInput') && editedInput && { editedInput }),
      };
    }
    await delay(LOOK_AGAIN_MS);
  }
}
