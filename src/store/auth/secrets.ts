import type { Transaction } from 'kysely';
import type { SecretRecord, SecretStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../schema.ts';
import { requireFlow } from './flow-row.ts';
import { dropPreview } from './previews.ts';

export function createSecrets(context: StoreContext): SecretStore {
  const { db, write } = context;
  return {
    put: (secrets) => write((trx) => put(context, trx, secrets)),
    async get(flowId, ids, at) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('auth_secrets')
        .selectAll()
        .where('flow_id', '=', flowId)
        .where('id', 'in', ids)
        .where('expires_at', '>', at)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        flowId: row.flow_id,
        interactionId: row.interaction_id,
        sealed: row.sealed,
        expiresAt: row.expires_at,
      }));
    },
    async delete(flowId, ids) {
      if (ids.length === 0) return;
      await db.deleteFrom('auth_secrets').where('flow_id', '=', flowId).where('id', 'in', ids).execute();
    },
    deleteFlow: (flowId) =>
      write(async (trx) => {
        await trx.deleteFrom('auth_secrets').where('flow_id', '=', flowId).execute();
        await trx.deleteFrom('auth_parked').where('flow_id', '=', flowId).execute();
        await dropPreview(trx, flowId);
      }),
    putParked: ({ flowId, sealed, expiresAt }) =>
      write(async (trx) => {
        await requireFlow(context, trx, flowId);
        const parked = { sealed, expires_at: expiresAt };
        await trx
          .insertInto('auth_parked')
          .values({ flow_id: flowId, ...parked })
          .onConflict((conflict) => conflict.column('flow_id').doUpdateSet(parked))
          .execute();
      }),
    async getParked(flowId) {
      const row = await db
        .selectFrom('auth_parked')
        .select('sealed')
        .where('flow_id', '=', flowId)
        .executeTakeFirst();
      return row?.sealed;
    },
  };
}

async function put(
  context: StoreContext,
  trx: Transaction<Database>,
  secrets: SecretRecord[],
): Promise<void> {
  if (secrets.length === 0) return;
  // In one order, so that two transactions do not deadlock.
  const flowIds = [...new Set(secrets.map(({ flowId }) => flowId))].sort();
  for (const flowId of flowIds) await requireFlow(context, trx, flowId);
  const rows = secrets.map((secret) => ({
    id: secret.id,
    flow_id: secret.flowId,
    interaction_id: secret.interactionId,
    expires_at: secret.expiresAt,
    sealed: secret.sealed,
  }));
  await trx.insertInto('auth_secrets').values(rows).execute();
}
