import { type Kysely, sql, type Transaction } from 'kysely';
import type { EndStatus } from '../../contract/index.ts';
import type { Database } from '../schema.ts';
import type { TurnStore } from '../store.ts';
import { OPEN } from './turn-states.ts';

/** Ends of different sessions mostly meet different rows; an end holds its row until its transaction ends. */
const SHARDS = 16;

/** Counts an end in its shard; the last write of its transaction but for notes. */
export async function countEnd(
  trx: Transaction<Database>,
  sessionId: string,
  status: EndStatus,
): Promise<void> {
  const shard = shardOf(sessionId);
  await trx
    .insertInto('turn_totals')
    .values({ shard, completed: 0, failed: 0, cancelled: 0, [status]: 1 })
    .onConflict((conflict) =>
      conflict.column('shard').doUpdateSet({ [status]: sql`${sql.ref(`turn_totals.${status}`)} + 1` }),
    )
    .execute();
}

function shardOf(sessionId: string): number {
  let sum = 0;
  for (const character of sessionId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % SHARDS;
}

/** The counts of turns; see the port. Reads the open ones by index and a row a shard, however many turns there are. */
export async function countTurns(db: Kysely<Database>): ReturnType<TurnStore['counts']> {
  const open = await db
    .selectFrom('turns')
    .select((of) => ['state', 'waiting', of.fn.countAll<number>().as('count')])
    .where(OPEN)
    .groupBy(['state', 'waiting'])
    .execute();
  const ended = await db
    .selectFrom('turn_totals')
    .select((of) => [
      of.fn.sum<number | string | null>('completed').as('completed'),
      of.fn.sum<number | string | null>('failed').as('failed'),
      of.fn.sum<number | string | null>('cancelled').as('cancelled'),
    ])
    .executeTakeFirst();
  const pending = await db
    .selectFrom('approvals')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('status', '=', 'pending')
    .executeTakeFirst();
  const states = [
    ...open.map(({ state, waiting, count }) => [
      state === 'running' && waiting === 1 ? 'waiting' : state,
      count,
    ]),
    ...Object.entries(ended ?? {})
      .map(([state, count]) => [state, Number(count ?? 0)])
      .filter(([, count]) => count !== 0),
  ];
  return { turns: Object.fromEntries(states), pendingApprovals: pending?.count ?? 0 };
}
