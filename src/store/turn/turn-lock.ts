import type { Transaction } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { Database } from '../schema.ts';
import type { SessionRow, TurnRow } from './schema.ts';

type Trx = Transaction<Database>;

/** A turn that nobody else writes until the transaction ends. */
export async function lockTurn({ locked }: StoreContext, trx: Trx, id: string): Promise<TurnRow | undefined> {
  return locked(trx.selectFrom('turns').selectAll().where('id', '=', id)).executeTakeFirst();
}

/** The same with its session. Always the session first: two transactions never wait for each other. */
export async function lockSessionAndTurn(
  context: StoreContext,
  trx: Trx,
  id: string,
): Promise<{ session: SessionRow; turn: TurnRow } | undefined> {
  const ofTurn = trx.selectFrom('turns').select('session_id').where('id', '=', id);
  const session = await context
    .locked(trx.selectFrom('sessions').selectAll().where('id', '=', ofTurn))
    .executeTakeFirst();
  const turn = session && (await lockTurn(context, trx, id));
  return turn && { session, turn };
}
