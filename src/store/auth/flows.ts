import type { FlowStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { toFlow } from './flow-row.ts';
import { putFlow } from './put-flow.ts';
import { createShown } from './shown.ts';
import { createSubmits } from './submits.ts';

export function createFlows(context: StoreContext): FlowStore {
  const { db, write } = context;
  return {
    put: (flow) => write((trx) => putFlow(context, trx, flow)),
    async get(id) {
      const row = await db.selectFrom('auth_flows').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toFlow(row);
    },
    async ofConnection(connectionId, limit) {
      const rows = await db
        .selectFrom('auth_flows')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toFlow);
    },
    async areInProgress() {
      const one = await db
        .selectFrom('auth_flows')
        .select('id')
        .where('ended_at', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return one !== undefined;
    },
    async overdue(before) {
      const rows = await db
        .selectFrom('auth_flows')
        .selectAll()
        .where('ended_at', 'is', null)
        .where('expires_at', '<', before)
        .orderBy('expires_at')
        .execute();
      return rows.map(toFlow);
    },
    ...createShown(context),
    ...createSubmits(context),
  };
}
