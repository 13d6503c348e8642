import type { FlowStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { keepFlow } from './flow-row.ts';

/** Accepted submits, the newest one of each body. Nothing is noted of a flow that is not there any more. */
export function createSubmits(
  context: StoreContext,
): Pick<FlowStore, 'noteSubmit' | 'submitSince' | 'lastSubmitted'> {
  const { db, write } = context;
  return {
    noteSubmit: ({ flowId, bodyHash, interactionId, at }) =>
      write(async (trx) => {
        if (!(await keepFlow(context, trx, flowId))) return;
        const noted = { interaction_id: interactionId, submitted_at: at };
        await trx
          .insertInto('auth_submits')
          .values({ flow_id: flowId, body_hash: bodyHash, ...noted })
          .onConflict((conflict) => conflict.columns(['flow_id', 'body_hash']).doUpdateSet(noted))
          .execute();
      }),
    async submitSince(flowId, bodyHash, since) {
      const row = await db
        .selectFrom('auth_submits')
        .select('interaction_id')
        .where('flow_id', '=', flowId)
        .where('body_hash', '=', bodyHash)
        .where('submitted_at', '>=', since)
        .executeTakeFirst();
      return row?.interaction_id;
    },
    async lastSubmitted(flowId) {
      const row = await db
        .selectFrom('auth_submits')
        .select('interaction_id')
        .where('flow_id', '=', flowId)
        .orderBy('submitted_at', 'desc')
        .orderBy('interaction_id', 'desc')
        .executeTakeFirst();
      return row?.interaction_id;
    },
  };
}
