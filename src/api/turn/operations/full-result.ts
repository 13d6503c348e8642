import type { Failure } from '../../../contract/index.ts';
import type { Store } from '../../../store/store.ts';
import type { CallFacts } from '../call-record.ts';

/** A call's result in full, where more of it is kept than its events tell. */
export async function fullResult(
  { ledger }: Pick<Store, 'ledger'>,
  { callId, status, error, resultDigest }: CallFacts,
): Promise<{ output?: string; error?: Failure }> {
  if (status !== 'completed' && status !== 'failed') return {};
  const row = await ledger.get(callId);
  const staged =
    row === undefined && resultDigest !== undefined && (await ledger.staged(callId, resultDigest));
  if (status === 'completed') {
    const output = staged ? staged.content : row?.content;
    return output === undefined ? {} : { output };
  }
  if (staged && error) return { error: { code: error.code, message: staged.content } };
  return row?.error && row.error.code === error?.code ? { error: row.error } : {};
}
