import type { Answer } from '../../../contract/index.ts';
import type { FlowRecord, SecretRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import type { PlainAnswer } from './submit-mode.ts';

/** An answer with references to its values, and a function that deletes them. */
export interface SealedAnswer {
  answer: Answer;
  forget(): Promise<void>;
}

/**
 * Seals the values of an answer for one flow and one interaction. Ids are made from the Update's id and the key, so that a
 * repeated submit refers to the same ones.
 */
export async function sealAnswer(
  { store, vault }: Pick<ApiDeps, 'store' | 'vault'>,
  plain: PlainAnswer,
  { flow, interactionId, updateId }: { flow: FlowRecord; interactionId: string; updateId: string },
): Promise<SealedAnswer> {
  if (plain.mode === 'choice') return { answer: plain, forget: async () => undefined };
  const { secrets } = store.auth;
  const flowId = flow.id;
  const kept = Object.entries(plain.values).map(([key, value]) => {
    const secretId = `sec_${vault.hash(`${updateId} ${key}`, 'secret-id').slice(0, 48)}`;
    const sealed = vault.seal(value, { use: 'submitted', flowId, interactionId, secretId });
    return {
      key,
      record: { id: secretId, flowId, interactionId, sealed, expiresAt: flow.view.flow_expires_at },
    };
  });
  const ids = kept.map(({ record }) => record.id);
  await putMissing(
    secrets,
    flowId,
    kept.map(({ record }) => record),
  );
  const values = Object.fromEntries(kept.map(({ key, record }) => [key, { secretId: record.id }]));
  return { answer: { mode: 'fields', by: plain.by, values }, forget: () => secrets.delete(flowId, ids) };
}

/** Puts what is not there yet; another request with the same answer may be at it. */
async function putMissing(
  secrets: ApiDeps['store']['auth']['secrets'],
  flowId: string,
  records: SecretRecord[],
): Promise<void> {
  const missing = async () => {
    const ids = records.map(({ id }) => id);
    // Expired ones count too: their ids are taken.
    const there = new Set((await secrets.get(flowId, ids, new Date(0).toISOString())).map(({ id }) => id));
    return records.filter(({ id }) => !there.has(id));
  };
  const wanted = await missing();
  try {
    await secrets.put(wanted);
  } catch (error) {
    if ((await missing()).length > 0) throw error;
  }
}
