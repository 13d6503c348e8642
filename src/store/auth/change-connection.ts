import type { Transaction } from 'kysely';
import type { ConnectionChange, ConnectionStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { later } from '../turn/turn-states.ts';
import { enqueue } from '../webhooks/enqueue.ts';
import { authEvent } from './auth-event.ts';
import { lockConnection, type NamedConnectionRow, toConnection } from './connection-row.ts';
import type { ConnectionRow } from './schema.ts';
import { writeTimelineEvent } from './timeline.ts';

type Trx = Transaction<Database>;
type Change = Parameters<ConnectionStore['change']>[0];

/** Applies a change once; see the port. A repeated one returns what the first one queued. */
export async function changeConnection(
  context: StoreContext,
  trx: Trx,
  change: Change,
): ReturnType<ConnectionStore['change']> {
  const before = await lockConnection(context, trx, change.id);
  if (!before) return undefined;
  const earlier = await trx
    .selectFrom('auth_connection_changes')
    .select('deliveries')
    .where('connection_id', '=', change.id)
    .where('change_id', '=', change.changeId)
    .executeTakeFirst();
  if (earlier) {
    return { connection: toConnection(before), deliveries: fromText<string[]>(earlier.deliveries) };
  }
  const after = await apply(trx, before, change);
  if (change.timeline) await writeTimelineEvent(trx, change.id, change.timeline);
  const deliveries = await enqueueEvent(context, trx, after, change);
  await trx
    .insertInto('auth_connection_changes')
    .values({
      connection_id: change.id,
      change_id: change.changeId,
      changed_at: change.at,
      deliveries: toText(deliveries),
    })
    .execute();
  return { connection: toConnection(after), deliveries };
}

async function apply(
  trx: Trx,
  before: NamedConnectionRow,
  { id, set, at }: Change,
): Promise<NamedConnectionRow> {
  const row = await trx
    .updateTable('auth_connections')
    .set({ ...columnsOf(set), updated_at: later(before.updated_at, at) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...row, profile_name: before.profile_name };
}

function columnsOf(set: ConnectionChange): Partial<ConnectionRow> {
  return {
    ...(set.status !== undefined && { status: set.status }),
    ...(set.postLoginUrl !== undefined && { post_login_url: toText(set.postLoginUrl) }),
    ...(set.lastAuthCheckAt !== undefined && { last_auth_check_at: set.lastAuthCheckAt }),
    ...(set.canReauth !== undefined && { can_reauth: set.canReauth ? 1 : 0 }),
    ...(set.canReauthReason !== undefined && { can_reauth_reason: set.canReauthReason }),
    ...(set.learnt !== undefined && { learnt: toText(set.learnt) }),
  };
}

async function enqueueEvent(
  context: StoreContext,
  trx: Trx,
  connection: NamedConnectionRow,
  { event: type, at }: Change,
): Promise<string[]> {
  if (!type) return [];
  const flow = await trx
    .selectFrom('auth_flows')
    .selectAll()
    .where('id', '=', connection.flow_id)
    .executeTakeFirst();
  return enqueue(context, trx, authEvent(type, connection, flow, at));
}
