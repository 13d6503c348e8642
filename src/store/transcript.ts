import type { TurnEvent } from '../contract/index.ts';
import type { StoreContext } from './context.ts';
import { fromText, toText } from './json-text.ts';
import type { Compaction, StepResult, TranscriptStore, TranscriptTurn } from './store.ts';
import { toRecord } from './turn-row.ts';

export function createTranscript(context: StoreContext): TranscriptStore {
  const { db } = context;

  const step = async (turnId: string, number: number) => {
    const row = await db
      .selectFrom('turn_steps')
      .select('result')
      .where('turn_id', '=', turnId)
      .where('step', '=', number)
      .executeTakeFirst();
    return row && fromText<StepResult>(row.result);
  };
  return {
    async recordStep(turnId, number, result) {
      const recorded = await db
        .insertInto('turn_steps')
        .values({ turn_id: turnId, step: number, result: toText(result) })
        .onConflict((conflict) => conflict.columns(['turn_id', 'step']).doNothing())
        .returning('result')
        .executeTakeFirst();
      return recorded ? fromText<StepResult>(recorded.result) : ((await step(turnId, number)) ?? result);
    },
    step,
    async recordCompaction(turnId, number, round, compaction) {
      await db
        .insertInto('compactions')
        .values({ turn_id: turnId, step: number, round, compaction: toText(compaction) })
        .onConflict((conflict) => conflict.columns(['turn_id', 'step', 'round']).doNothing())
        .execute();
      const first = await db
        .selectFrom('compactions')
        .select('compaction')
        .where('turn_id', '=', turnId)
        .where('step', '=', number)
        .where('round', '=', round)
        .executeTakeFirst();
      return first ? fromText<Compaction>(first.compaction) : compaction;
    },
    load: (turnId) => load(context, turnId),
  };
}

/** Four queries, however long the session is. */
async function load({ db }: StoreContext, turnId: string): Promise<TranscriptTurn[]> {
  const upTo = db
    .selectFrom('turns')
    .innerJoin('turns as given', (join) =>
      join.onRef('given.session_id', '=', 'turns.session_id').onRef('given.ordinal', '>=', 'turns.ordinal'),
    )
    .where('given.id', '=', turnId)
    .where('turns.deleted_at', 'is', null);
  const turns = await upTo.selectAll('turns').orderBy('turns.ordinal').execute();
  const steps = await upTo
    .innerJoin('turn_steps', 'turn_steps.turn_id', 'turns.id')
    .select(['turn_steps.turn_id', 'turn_steps.step', 'turn_steps.result'])
    .orderBy('turns.ordinal')
    .orderBy('turn_steps.step')
    .execute();
  const events = await upTo
    .innerJoin('turn_events', 'turn_events.turn_id', 'turns.id')
    .select(['turn_events.turn_id', 'turn_events.event'])
    .orderBy('turns.ordinal')
    .orderBy('turn_events.seq')
    .execute();
  const compactions = await upTo
    .innerJoin('compactions', 'compactions.turn_id', 'turns.id')
    .select(['compactions.turn_id', 'compactions.step', 'compactions.round', 'compactions.compaction'])
    .orderBy('turns.ordinal')
    .orderBy('compactions.step')
    .orderBy('compactions.round')
    .execute();
  const compactionsOf = Map.groupBy(compactions, (row) => row.turn_id);
  const stepsOf = Map.groupBy(steps, (row) => row.turn_id);
  const eventsOf = Map.groupBy(events, (row) => row.turn_id);
  return turns.map((row) => ({
    turn: toRecord(row),
    steps: (stepsOf.get(row.id) ?? []).map(({ step, result }) => ({
      step,
      result: fromText<StepResult>(result),
    })),
    events: (eventsOf.get(row.id) ?? []).map(({ event }) => fromText<TurnEvent>(event)),
    compactions: (compactionsOf.get(row.id) ?? []).map(({ step, round, compaction }) => ({
      step,
      round,
      compaction: fromText<Compaction>(compaction),
    })),
  }));
}
