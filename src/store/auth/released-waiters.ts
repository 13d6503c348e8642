import { AUTH_CONNECTION } from '../../core/auth/login-wait.ts';
import type { StoreContext } from '../context.ts';
import type { WaiterStore } from '../ports/waiters.ts';

/**
 * Keeps calls that wait for a login also in `auth_waiters`, where versions up to 0.2 keep and look for them: a worker of such a
 * version may run beside this one, and turns that it parked may wait for days. Goes with that table, once no such version can
 * use the store.
 */
export function withReleasedWaiters({ db, write, kept }: StoreContext, waiters: WaiterStore): WaiterStore {
  return {
    async add(waiter) {
      await waiters.add(waiter);
      const { kind, subject, callId, turnId } = waiter;
      if (kind !== AUTH_CONNECTION) return;
      await write(async (trx) => {
        const connection = await kept(
          trx.selectFrom('auth_connections').select('id').where('id', '=', subject),
        ).executeTakeFirst();
        if (!connection) return;
        await trx
          .insertInto('auth_waiters')
          .values({ connection_id: subject, call_id: callId, turn_id: turnId })
          .onConflict((conflict) => conflict.columns(['connection_id', 'call_id']).doNothing())
          .execute();
      });
    },
    async remove(callId) {
      await waiters.remove(callId);
      await db.deleteFrom('auth_waiters').where('call_id', '=', callId).execute();
    },
    async of(key) {
      const found = await waiters.of(key);
      if (key.kind !== AUTH_CONNECTION) return found;
      const rows = await db
        .selectFrom('auth_waiters')
        .selectAll()
        .where('connection_id', '=', key.subject)
        .orderBy('call_id')
        .execute();
      const known = new Set(found.map(({ callId }) => callId));
      const more = rows.filter((row) => !known.has(row.call_id));
      return [...found, ...more.map((row) => ({ ...key, turnId: row.turn_id, callId: row.call_id }))];
    },
  };
}
