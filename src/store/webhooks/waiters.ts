import { keepConnection } from '../auth/connection-row.ts';
import type { AuthWaiterStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';

export function createWaiters(context: StoreContext): AuthWaiterStore {
  const { db, write } = context;
  return {
    add: ({ connectionId, turnId, callId }) =>
      write(async (trx) => {
        await keepConnection(context, trx, connectionId);
        await trx
          .insertInto('auth_waiters')
          .values({ connection_id: connectionId, call_id: callId, turn_id: turnId })
          .onConflict((conflict) => conflict.columns(['connection_id', 'call_id']).doNothing())
          .execute();
      }),
    async remove(callId) {
      await db.deleteFrom('auth_waiters').where('call_id', '=', callId).execute();
    },
    async of(connectionId) {
      const rows = await db
        .selectFrom('auth_waiters')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .orderBy('call_id')
        .execute();
      return rows.map((row) => ({ connectionId, turnId: row.turn_id, callId: row.call_id }));
    },
  };
}
