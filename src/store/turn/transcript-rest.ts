import type { TurnEvent } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText } from '../json-text.ts';
import type { CompactionPlace, TranscriptMark, TranscriptRest } from '../store.ts';
import { eventRowsAfter } from './events.ts';
import { compactionsUpTo, readTurn, turnsUpTo } from './transcript-load.ts';

type Db = StoreContext['db'];

/** See the port. First the mark is compared: what changes meanwhile is noticed at the next. */
export async function loadSince(
  { db }: StoreContext,
  turnId: string,
  mark: TranscriptMark,
): Promise<TranscriptRest | undefined> {
  if (!(await isAsItWas(db, mark))) return undefined;
  const marked = await restOfMarked(db, mark);
  if (!marked) return undefined;
  const later = turnId === mark.turnId ? [] : await turnsUpTo(db, turnId, marked.turn);
  const turns = [marked, ...later];
  if (turns.at(-1)?.turn.id !== turnId) return undefined;
  return { turns, compacted: await compactionPlaces(db, turnId) };
}

async function isAsItWas(db: Db, { turnId, seq, at, resets, before }: TranscriptMark): Promise<boolean> {
  const marked = await db
    .selectFrom('turns')
    .innerJoin('turn_events', 'turn_events.turn_id', 'turns.id')
    .select(['turns.session_id', 'turns.ordinal', 'turns.resets', 'turn_events.event'])
    .where('turns.id', '=', turnId)
    .where('turns.deleted_at', 'is', null)
    .where('turn_events.seq', '=', seq)
    .executeTakeFirst();
  if (marked?.resets !== resets || fromText<TurnEvent>(marked.event).at !== at) return false;
  const found = await db
    .selectFrom('turns')
    .select((of) => [
      of.fn.countAll<number | string>().as('turns'),
      of.fn.sum<number | string | null>('ordinal').as('ordinals'),
      of.fn.max('ended_at').as('ended_at'),
    ])
    .where('session_id', '=', marked.session_id)
    .where('ordinal', '<', marked.ordinal)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return (
    Number(found.turns) === before.turns &&
    Number(found.ordinals ?? 0) === before.ordinals &&
    (found.ended_at ?? '') === before.endedAt
  );
}

async function restOfMarked(
  db: Db,
  { turnId, step, seq, resets }: TranscriptMark,
): Promise<TranscriptRest['turns'][number] | undefined> {
  // It may have been reset since it was compared: the next mark must not say that nothing has changed.
  const row = await db
    .selectFrom('turns')
    .selectAll()
    .where('id', '=', turnId)
    .where('resets', '=', resets)
    .executeTakeFirst();
  if (!row) return undefined;
  const steps = await db
    .selectFrom('turn_steps')
    .select(['step', 'result'])
    .where('turn_id', '=', turnId)
    .where('step', '>=', step)
    .orderBy('step')
    .execute();
  return readTurn(row, steps, await eventRowsAfter(db, turnId, seq));
}

async function compactionPlaces(db: Db, turnId: string): Promise<CompactionPlace[]> {
  const rows = await compactionsUpTo(db, turnId).execute();
  return rows.map(({ turn_id, ordinal, step, round }) => ({ turnId: turn_id, ordinal, step, round }));
}
