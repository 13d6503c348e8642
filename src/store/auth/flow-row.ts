import type { Transaction } from 'kysely';
import { type FlowView, isFlowEnd } from '../../contract/index.ts';
import { shownView } from '../../core/auth/vendor-fields.ts';
import type { FlowRecord } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, same, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { FlowRow } from './schema.ts';
import { unknownFlow } from './unknown.ts';

/** The columns that follow a view. */
export type ViewColumns = Omit<FlowRow, 'id' | 'connection_id' | 'created_at' | 'started_by'>;

export function viewColumns(view: FlowView, at: string): ViewColumns {
  return {
    type: view.flow_type,
    status: view.flow_status,
    step: view.flow_step,
    revision: view.revision,
    interaction_id: view.interaction_id,
    expires_at: view.flow_expires_at,
    view_at: at,
    ended_at: isFlowEnd(view.flow_status) ? at : null,
    view: toText(view),
  };
}

/** The view that clients see. */
export function flowView(row: FlowRow): FlowView {
  return shownView(fromText<FlowView>(row.view));
}

export function toFlow(row: FlowRow): FlowRecord {
  return {
    id: row.id,
    connectionId: row.connection_id,
    type: row.type,
    view: flowView(row),
    viewAt: row.view_at,
    createdAt: row.created_at,
    ...optional('endedAt', row.ended_at, same),
    ...optional('startedBy', row.started_by, same),
  };
}

/** Keeps a flow from being deleted until the transaction ends; false when it is not there. */
export async function keepFlow(
  { kept }: StoreContext,
  trx: Transaction<Database>,
  id: string,
): Promise<boolean> {
  const row = await kept(trx.selectFrom('auth_flows').select('id').where('id', '=', id)).executeTakeFirst();
  return row !== undefined;
}

/** As {@link keepFlow}; throws {@link StoreError} `conflict` when it is not there. */
export async function requireFlow(
  context: StoreContext,
  trx: Transaction<Database>,
  id: string,
): Promise<void> {
  if (!(await keepFlow(context, trx, id))) throw unknownFlow(id);
}
