import type { StoreContext } from '../context.ts';
import type { WaiterStore } from '../ports/waiters.ts';

export function createWaiters({ db }: StoreContext): WaiterStore {
  return {
    async add({ kind, subject, callId, turnId }) {
      await db
        .insertInto('waiters')
        .values({ kind, subject, call_id: callId, turn_id: turnId })
        .onConflict((conflict) => conflict.columns(['kind', 'subject', 'call_id']).doNothing())
        .execute();
    },
    async remove(callId) {
      await db.deleteFrom('waiters').where('call_id', '=', callId).execute();
    },
    async of({ kind, subject }) {
      const rows = await db
        .selectFrom('waiters')
        .selectAll()
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .orderBy('call_id')
        .execute();
      return rows.map((row) => ({ kind, subject, turnId: row.turn_id, callId: row.call_id }));
    },
  };
}
