import type { Approval, JsonObject } from '../../../contract/index.ts';
import type { Store } from '../../../store/store.ts';
import type { AnsweredApproval } from '../../../temporal/turn/turn-gateway.ts';
import { readUntil } from '../../read-until.ts';

const RECORD_WITHIN_MS = 2_000;

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
  const row = await readUntil(
    () => approvals.get(approval.callId),
    (stored) =>
      stored !== undefined && (!isWanting('editedInput') || (edited ?? stored.editedInput) !== undefined),
    RECORD_WITHIN_MS,
  );
  const editedInput = edited ?? row?.editedInput;
  return {
    ...approval,
    ...(isWanting('input') && row && { input: row.input }),
    ...(isWanting('editedInput') && editedInput && { editedInput }),
  };
}
