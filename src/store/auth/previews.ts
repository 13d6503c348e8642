import type { Transaction } from 'kysely';
import type { PreviewStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../schema.ts';

export function createPreviews({ db, write, locked }: StoreContext): PreviewStore {
  return {
    put: ({ flowId, interactionId, expiresAt, sealed }) =>
      write(async (trx) => {
        const asking = trx
          .selectFrom('auth_flows')
          .select('id')
          .where('id', '=', flowId)
          .where('interaction_id', '=', interactionId)
          .where('ended_at', 'is', null);
        // Locked: an end that is written meanwhile deletes what is kept here.
        if ((await locked(asking).executeTakeFirst()) === undefined) return false;
        const row = { interaction_id: interactionId, expires_at: expiresAt, sealed };
        await trx
          .insertInto('auth_previews')
          .values({ flow_id: flowId, ...row })
          .onConflict((conflict) => conflict.column('flow_id').doUpdateSet(row))
          .execute();
        return true;
      }),
    async get(flowId, at) {
      const row = await db
        .selectFrom('auth_previews')
        .innerJoin('auth_flows', 'auth_flows.id', 'auth_previews.flow_id')
        .selectAll('auth_previews')
        .where('auth_previews.flow_id', '=', flowId)
        .where('auth_previews.expires_at', '>', at)
        .where('auth_flows.ended_at', 'is', null)
        .whereRef('auth_flows.interaction_id', '=', 'auth_previews.interaction_id')
        .executeTakeFirst();
      return (
        row && {
          flowId: row.flow_id,
          interactionId: row.interaction_id,
          expiresAt: row.expires_at,
          sealed: row.sealed,
        }
      );
    },
  };
}

/** Nobody needs the picture of a page that asks nothing any more. */
export async function dropPreview(trx: Transaction<Database>, flowId: string): Promise<void> {
  await trx.deleteFrom('auth_previews').where('flow_id', '=', flowId).execute();
}
