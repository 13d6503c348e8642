import type { Kysely } from 'kysely';
import type { TurnEvent } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { Compaction, PlacedCompaction, StepResult, TranscriptTurn, TurnRecord } from '../store.ts';
import type { TurnRow } from './schema.ts';
import { toRecord } from './turn-row.ts';

type Db = Kysely<Database>;
type LoadedTurn = Omit<TranscriptTurn, 'compactions'>;

/** Four queries, however long the session is; see the port. */
export async function load({ db }: StoreContext, turnId: string): Promise<TranscriptTurn[]> {
  const turns = await turnsUpTo(db, turnId);
  const compactionsOf = Map.groupBy(await placedCompactions(db, turnId), (each) => each.turnId);
  return turns.map((each) => ({
    ...each,
    compactions: (compactionsOf.get(each.turn.id) ?? []).map(({ step, round, compaction }) => ({
      step,
      round,
      compaction,
    })),
  }));
}

/** The session's turns up to and including the given one, in order; of those after a turn, where one is given. */
export async function turnsUpTo(
  db: Db,
  turnId: string,
  after?: Pick<TurnRecord, 'sessionId' | 'ordinal'>,
): Promise<LoadedTurn[]> {
  const all = upTo(db, turnId);
  const wanted = after
    ? all.where('turns.session_id', '=', after.sessionId).where('turns.ordinal', '>', after.ordinal)
    : all;
  const rows = await wanted.selectAll('turns').orderBy('turns.ordinal').execute();
  const steps = await wanted
    .innerJoin('turn_steps', 'turn_steps.turn_id', 'turns.id')
    .select(['turn_steps.turn_id', 'turn_steps.step', 'turn_steps.result'])
    .orderBy('turns.ordinal')
    .orderBy('turn_steps.step')
    .execute();
  const events = await wanted
    .innerJoin('turn_events', 'turn_events.turn_id', 'turns.id')
    .select(['turn_events.turn_id', 'turn_events.event'])
    .orderBy('turns.ordinal')
    .orderBy('turn_events.seq')
    .execute();
  const stepsOf = Map.groupBy(steps, (each) => each.turn_id);
  const eventsOf = Map.groupBy(events, (each) => each.turn_id);
  return rows.map((row) => readTurn(row, stepsOf.get(row.id) ?? [], eventsOf.get(row.id) ?? []));
}

/** A turn of the transcript from its rows. */
export function readTurn(
  row: TurnRow,
  steps: { step: number; result: string }[],
  events: { event: string }[],
): LoadedTurn {
  return {
    turn: toRecord(row),
    steps: steps.map(({ step, result }) => ({ step, result: fromText<StepResult>(result) })),
    events: events.map(({ event }) => fromText<TurnEvent>(event)),
  };
}

/** Compactions of the session's turns up to the given one, in order; see the port. */
export async function placedCompactions(db: Db, turnId: string): Promise<PlacedCompaction[]> {
  const rows = await compactionsUpTo(db, turnId).select('compactions.compaction').execute();
  return rows.map(({ turn_id, ordinal, step, round, compaction }) => ({
    turnId: turn_id,
    ordinal,
    step,
    round,
    compaction: fromText<Compaction>(compaction),
  }));
}

/** Where those compactions were made. */
export function compactionsUpTo(db: Db, turnId: string) {
  return upTo(db, turnId)
    .innerJoin('compactions', 'compactions.turn_id', 'turns.id')
    .select(['compactions.turn_id', 'turns.ordinal', 'compactions.step', 'compactions.round'])
    .orderBy('turns.ordinal')
    .orderBy('compactions.step')
    .orderBy('compactions.round');
}

function upTo(db: Db, turnId: string) {
  return db
    .selectFrom('turns')
    .innerJoin('turns as given', (join) =>
      join.onRef('given.session_id', '=', 'turns.session_id').onRef('given.ordinal', '>=', 'turns.ordinal'),
    )
    .where('given.id', '=', turnId)
    .where('turns.deleted_at', 'is', null);
}
