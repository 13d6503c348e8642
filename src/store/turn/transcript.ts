import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { Compaction, StepResult, TranscriptStore } from '../store.ts';
import { load, placedCompactions } from './transcript-load.ts';
import { loadSince } from './transcript-rest.ts';

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
    loadSince: (turnId, mark) => loadSince(context, turnId, mark),
    compactions: (turnId) => placedCompactions(db, turnId),
  };
}
