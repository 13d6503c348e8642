import { type Kysely, sql, type Transaction } from 'kysely';
import type { FlowView, StepFacts } from '../../contract/index.ts';
import { fromText, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';

/** Writes steps of a login, each in the place of the one that came with an older view. */
export async function writeSteps(
  trx: Transaction<Database>,
  { flow_id, revision }: Pick<FlowView, 'flow_id' | 'revision'>,
  steps: readonly StepFacts[] = [],
): Promise<void> {
  if (steps.length === 0) return;
  await trx
    .insertInto('auth_flow_steps')
    .values(steps.map((step) => ({ flow_id, n: step.n, revision, step: toText(step) })))
    .onConflict((conflict) =>
      conflict
        .columns(['flow_id', 'n'])
        .doUpdateSet({ revision: sql`excluded.revision`, step: sql`excluded.step` })
        .where('auth_flow_steps.revision', '<=', sql<number>`excluded.revision`),
    )
    .execute();
}

/** Steps of logins, by flow, in their order. */
export async function stepsOf(
  db: Kysely<Database>,
  flowIds: readonly string[],
): Promise<Map<string, StepFacts[]>> {
  const found = new Map<string, StepFacts[]>();
  if (flowIds.length === 0) return found;
  const rows = await db
    .selectFrom('auth_flow_steps')
    .select(['flow_id', 'step'])
    .where('flow_id', 'in', flowIds)
    .orderBy('flow_id')
    .orderBy('n')
    .execute();
  for (const { flow_id: flowId, step } of rows) {
    found.set(flowId, [...(found.get(flowId) ?? []), fromText<StepFacts>(step)]);
  }
  return found;
}
