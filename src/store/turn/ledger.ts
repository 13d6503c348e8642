import type { Kysely, RawBuilder, Transaction } from 'kysely';
import type { Failure, TurnEvent } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, plainText, same, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { Ledger, LedgerRow, ToolExecution } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { LedgerTableRow } from './schema.ts';

export function createLedger({ db, durable }: StoreContext): Ledger {
  return {
    async begin(intent) {
      // A tool that may be executed again does not need a durable intent.
      const first = intent.again
        ? await insertFirst(db, intent, 'started', 1)
        : await insertFirst(durable.db, intent, 'started', 1, { durability: durable.durability });
      if (first) return { begun: true, row: first };
      const again = intent.again ? await countExecution(db, intent.callId) : undefined;
      if (again) return { begun: true, row: again };
      return { begun: false, row: await inForce(db, intent.callId) };
    },
    async settle(callId, result, at, execution) {
      const settled = await db
        .updateTable('ledger')
        .set(
          'error' in result
            ? { state: 'failed', error: toText(result.error), ended_at: at }
            : { state: 'completed', content: toText(result.content), ended_at: at },
        )
        .where('call_id', '=', callId)
        .where('state', '=', 'started')
        .$if(execution !== undefined, (rows) => rows.where('executions', '=', execution ?? 0))
        .returningAll()
        .executeTakeFirst();
      return settled ? toRow(settled) : inForce(db, callId);
    },
    async giveUp(callId, at) {
      const given = await db
        .updateTable('ledger')
        .set({ state: 'unknown', ended_at: at })
        .where('call_id', '=', callId)
        .where('state', '=', 'started')
        .returningAll()
        .executeTakeFirst();
      return given ? toRow(given) : find(db, callId);
    },
    get: (callId) => find(db, callId),
    async keep(row) {
      await insertFirst(db, row, row.isError ? 'failed' : 'completed', 0, endOf(row));
    },
    staged: (callId, digest) => findStaged(db, callId, digest),
    async stage({ callId, digest, turnId, content, isError, at }) {
      await db
        .insertInto('staged_results')
        .values({
          call_id: callId,
          digest,
          turn_id: turnId,
          is_error: isError ? 1 : 0,
          staged_at: at,
          content: toText(content),
        })
        .onConflict((conflict) => conflict.columns(['call_id', 'digest']).doNothing())
        .execute();
    },
  };
}

/** What was handed in ends its row at once. */
function endOf({ content, isError, at }: { content: string; isError?: boolean; at: string }): RowEnd {
  if (!isError) return { content: toText(content), error: null, ended_at: at };
  return { content: null, error: toText({ code: 'client_error', message: content }), ended_at: at };
}

type RowEnd = Pick<LedgerTableRow, 'content' | 'error' | 'ended_at'>;

async function insertFirst(
  db: Kysely<Database>,
  call: { callId: string; turnId: string; tool: string; at: string },
  state: LedgerRow['state'],
  executions: number,
  { durability, ...end }: Partial<RowEnd> & { durability?: RawBuilder<string> | undefined } = {},
): Promise<LedgerRow | undefined> {
  const row = await db
    .insertInto('ledger')
    .values({
      call_id: call.callId,
      turn_id: call.turnId,
      tool: plainText(call.tool),
      state,
      executions,
      started_at: call.at,
      content: null,
      error: null,
      ended_at: null,
      ...end,
    })
    .onConflict((conflict) => conflict.column('call_id').doNothing())
    .returningAll()
    .$if(durability !== undefined, (rows) => rows.returning(() => durability?.as('durability') as never))
    .executeTakeFirst();
  return row && toRow(row);
}

async function countExecution(db: Kysely<Database>, callId: string): Promise<LedgerRow | undefined> {
  const row = await db
    .updateTable('ledger')
    .set((of) => ({ executions: of('executions', '+', 1) }))
    .where('call_id', '=', callId)
    .where('state', '=', 'started')
    .returningAll()
    .executeTakeFirst();
  return row && toRow(row);
}

/** Whether an execution is the newest of its call and the call has no result yet; locks that until the transaction ends. */
export async function isInForce(
  { locked }: StoreContext,
  trx: Transaction<Database>,
  { callId, execution }: ToolExecution,
): Promise<boolean> {
  const query = trx.selectFrom('ledger').select(['state', 'executions']).where('call_id', '=', callId);
  const row = await locked(query).executeTakeFirst();
  return row?.state === 'started' && row.executions === execution;
}

async function find(db: Kysely<Database>, callId: string): Promise<LedgerRow | undefined> {
  const row = await db.selectFrom('ledger').selectAll().where('call_id', '=', callId).executeTakeFirst();
  return row && toRow(row);
}

async function inForce(db: Kysely<Database>, callId: string): Promise<LedgerRow> {
  const row = await find(db, callId);
  if (row) return row;
  throw new StoreError('conflict', `The ledger has no execution of call "${callId}"; begin it first.`);
}

function toRow(row: LedgerTableRow): LedgerRow {
  return {
    callId: row.call_id,
    turnId: row.turn_id,
    tool: row.tool,
    state: row.state,
    executions: row.executions,
    startedAt: row.started_at,
    ...optional('content', row.content, fromText<string>),
    ...optional('error', row.error, fromText<Failure>),
    ...optional('endedAt', row.ended_at, same),
  };
}

async function findStaged(db: Kysely<Database>, callId: string, digest: string) {
  const row = await db
    .selectFrom('staged_results')
    .select(['content', 'is_error'])
    .where('call_id', '=', callId)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row && { content: fromText<string>(row.content), isError: row.is_error === 1 };
}

type Settled = Extract<TurnEvent, { type: 'tool_call.completed' | 'tool_call.failed' }>;

/** What was staged becomes the result of the calls whose events name its digest; whatever else was staged for them goes. */
export async function takeStaged(
  trx: Transaction<Database>,
  events: TurnEvent[],
  toolOf: (callId: string) => Promise<string>,
): Promise<void> {
  for (const event of events) {
    if (!isSettled(event) || event.resultDigest === undefined) continue;
    const { callId, turnId, resultDigest, at } = event;
    const staged = await findStaged(trx, callId, resultDigest);
    if (!staged) continue;
    const row = { callId, turnId, tool: await toolOf(callId), at };
    await insertFirst(trx, row, staged.isError ? 'failed' : 'completed', 0, endOf({ ...staged, at }));
    await trx.deleteFrom('staged_results').where('call_id', '=', callId).execute();
  }
}

/** The opposite, for events that are superseded: the result is staged again, so that another one may be the call's. */
export async function giveBackStaged(trx: Transaction<Database>, events: TurnEvent[]): Promise<void> {
  for (const event of events) {
    if (!isSettled(event) || event.resultDigest === undefined) continue;
    const row = await trx
      .deleteFrom('ledger')
      .where('call_id', '=', event.callId)
      // Nothing of ours was executed.
      .where('executions', '=', 0)
      .where('ended_at', 'is not', null)
      .returningAll()
      .executeTakeFirst();
    if (!row) continue;
    const error = row.error === null ? undefined : fromText<Failure>(row.error);
    await trx
      .insertInto('staged_results')
      .values({
        call_id: row.call_id,
        digest: event.resultDigest,
        turn_id: row.turn_id,
        is_error: error ? 1 : 0,
        staged_at: row.ended_at ?? event.at,
        content: error ? toText(error.message) : (row.content ?? toText('')),
      })
      .onConflict((conflict) => conflict.columns(['call_id', 'digest']).doNothing())
      .execute();
  }
}

function isSettled(event: TurnEvent): event is Settled {
  return event.type === 'tool_call.completed' || event.type === 'tool_call.failed';
}
