import type { Kysely } from 'kysely';
import type { FlowStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { plainText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { keepFlow } from './flow-row.ts';

/** Which interaction a client was shown last. Nothing is noted of a flow that is not there any more. */
export function createShown(context: StoreContext): Pick<FlowStore, 'noteShown' | 'shown'> {
  const { db, write } = context;
  return {
    async noteShown(flowId, client, interactionId) {
      // Most frames show what the client has seen before, and a read takes no lock.
      if ((await shown(db, flowId, client)) === interactionId) return;
      await write(async (trx) => {
        if (!(await keepFlow(context, trx, flowId))) return;
        await trx
          .insertInto('auth_shown')
          .values({ flow_id: flowId, client: plainText(client), interaction_id: interactionId })
          .onConflict((conflict) =>
            conflict.columns(['flow_id', 'client']).doUpdateSet({ interaction_id: interactionId }),
          )
          .execute();
      });
    },
    shown: (flowId, client) => shown(db, flowId, client),
  };
}

async function shown(db: Kysely<Database>, flowId: string, client: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('auth_shown')
    .select('interaction_id')
    .where('flow_id', '=', flowId)
    .where('client', '=', plainText(client))
    .executeTakeFirst();
  return row?.interaction_id;
}
