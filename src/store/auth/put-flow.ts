import type { Transaction } from 'kysely';
import type { AuthEventType, FlowStatus, FlowView, TimelineEvent } from '../../contract/index.ts';
import type { FlowStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../schema.ts';
import { StoreError } from '../store-error.ts';
import { later } from '../turn/turn-states.ts';
import { enqueue } from '../webhooks/enqueue.ts';
import { authEvent } from './auth-event.ts';
import { lockConnection, type NamedConnectionRow } from './connection-row.ts';
import { toFlow, viewColumns } from './flow-row.ts';
import { writeSteps } from './flow-steps.ts';
import { dropPreview } from './previews.ts';
import type { FlowRow } from './schema.ts';
import { writeTimelineEvent } from './timeline.ts';

type Trx = Transaction<Database>;
type NewView = Parameters<FlowStore['put']>[0];

/** Writes a flow's view; see the port. All writes of a connection's flows take its lock. */
export async function putFlow(context: StoreContext, trx: Trx, put: NewView): ReturnType<FlowStore['put']> {
  const { view, at } = put;
  const connection = await lockConnection(context, trx, put.connectionId);
  if (!connection) return undefined;
  const before = await flowBefore(trx, put);
  if (before) await writeSteps(trx, view, put.steps);
  if (before && (before.ended_at !== null || before.revision >= view.revision)) {
    return { written: false, flow: toFlow(before), deliveries: [] };
  }
  const flow = before ? await update(trx, put) : await insert(trx, connection, put);
  if (!before) await writeSteps(trx, view, put.steps);
  if (flow.ended_at !== null) await dropPreview(trx, flow.id);
  await writeTimelineEvent(trx, connection.id, timelineOf(flow, view));
  const type = eventOf(before, view);
  const deliveries = type ? await enqueue(context, trx, authEvent(type, connection, flow, at)) : [];
  return { written: true, flow: toFlow(flow), deliveries };
}

async function flowBefore(trx: Trx, { connectionId, view }: NewView): Promise<FlowRow | undefined> {
  const row = await trx
    .selectFrom('auth_flows')
    .selectAll()
    .where('id', '=', view.flow_id)
    .executeTakeFirst();
  if (!row || row.connection_id === connectionId) return row;
  throw new StoreError(
    'conflict',
    `Flow "${view.flow_id}" is one of connection "${row.connection_id}", not of "${connectionId}"; ` +
      'give each flow an id of its own.',
  );
}

function update(trx: Trx, { view, at }: NewView): Promise<FlowRow> {
  return trx
    .updateTable('auth_flows')
    .set(viewColumns(view, at))
    .where('id', '=', view.flow_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A new flow is the newest one of its connection. */
async function insert(
  trx: Trx,
  connection: NamedConnectionRow,
  { view, at, startedBy }: NewView,
): Promise<FlowRow> {
  const row: FlowRow = {
    id: view.flow_id,
    connection_id: connection.id,
    created_at: at,
    started_by: startedBy ?? null,
    ...viewColumns(view, at),
  };
  await trx.insertInto('auth_flows').values(row).execute();
  await trx
    .updateTable('auth_connections')
    .set({ flow_id: row.id, updated_at: later(connection.updated_at, at) })
    .where('id', '=', connection.id)
    .execute();
  return row;
}

function timelineOf(flow: FlowRow, view: FlowView): TimelineEvent {
  return {
    id: flow.id,
    type: view.flow_type === 'LOGIN' ? 'login' : 'reauth',
    status: view.flow_status,
    timestamp: flow.created_at,
    updated_at: flow.view_at,
    flow_id: flow.id,
    step: view.flow_step,
    ...(view.error_code !== null && { error_code: view.error_code }),
    ...(view.error_message !== null && { error_message: view.error_message }),
    ...(view.website_error !== null && { website_error: view.website_error }),
    ...(view.remarks !== undefined && { remarks: view.remarks }),
  };
}

const ENDS: Record<Exclude<FlowStatus, 'IN_PROGRESS'>, AuthEventType> = {
  SUCCESS: 'auth.flow.succeeded',
  FAILED: 'auth.flow.failed',
  EXPIRED: 'auth.flow.expired',
  CANCELED: 'auth.flow.canceled',
};

/** What happened between a view and the one before it, where webhooks can carry it. */
function eventOf(before: FlowRow | undefined, view: FlowView): AuthEventType | undefined {
  if (view.flow_status !== 'IN_PROGRESS') return ENDS[view.flow_status];
  const isSame = before?.step === view.flow_step && before.interaction_id === view.interaction_id;
  if (isSame) return undefined;
  if (view.flow_step === 'AWAITING_INPUT') return 'auth.flow.awaiting_input';
  return view.flow_step === 'AWAITING_EXTERNAL_ACTION' ? 'auth.flow.awaiting_external_action' : undefined;
}
