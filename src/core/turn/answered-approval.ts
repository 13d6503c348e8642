import type { Approval, JsonObject } from '../../contract/index.ts';
import type { AnsweredApproval } from './messages.ts';
import { jsonBytes, MAX_ANSWERED_INPUT_BYTES } from './sizes.ts';

/** The record as the workflow answers with it: many answers share one message, so long inputs are left out. */
export function answerable(approval: Approval): AnsweredApproval {
  const { input, editedInput } = approval;
  const omitted = [
    ...(isLong(input) ? (['input'] as const) : []),
    ...(editedInput && isLong(editedInput) ? (['editedInput'] as const) : []),
  ];
  if (omitted.length === 0) return approval;
  return { ...approval, ...Object.fromEntries(omitted.map((name) => [name, {}])), omitted };
}

function isLong(input: JsonObject): boolean {
  return jsonBytes(input) > MAX_ANSWERED_INPUT_BYTES;
}
