import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { Logger } from 'pino';
import { type Names, TURN_WORKFLOW, UNNAMED } from '../temporal/names.ts';
import { describeStuck } from '../temporal/stuck.ts';

export interface StuckWatchDeps {
  client: Client;
  /** Of the installation. Default: those without an id. */
  names?: Names;
  metrics: { setStuckTurns(count: number): void };
  log: Logger;
}

/** Looks for open turns whose workflow tasks fail again and again. */
export interface StuckWatch {
  /** Sets the gauge, and logs each turn when it is first seen stuck and when it goes on. Returns how many are stuck. */
  run(): Promise<number>;
}

/** The search attribute is not one of this server's. */
const INVALID_ARGUMENT = 3;
/** Most turns of which one look asks why they are stuck. */
const ASKED_PER_LOOK = 20;

/** Turns whose tasks failed repeatedly, as the engine itself marks them: one question, however many turns are open. */
function stuckTurns(names: Names): string {
  const ours = `WorkflowId STARTS_WITH '${names.turnWorkflowId('')}'`;
  return `WorkflowType = '${TURN_WORKFLOW}' AND ${ours} AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL`;
}

export function createStuckWatch({ client, names = UNNAMED, metrics, log }: StuckWatchDeps): StuckWatch {
  let known = new Set<string>();
  let isKnown = true;
  const query = stuckTurns(names);
  return {
    async run() {
      if (!isKnown) return 0;
      const count = await countOf(client, query);
      if (count === undefined) {
        isKnown = false;
        log.info('the engine marks no failing turns; longturn_turns_stuck stays 0');
        return 0;
      }
      metrics.setStuckTurns(count);
      const seen = count === 0 ? new Set<string>() : await seenNow({ client, names, log }, query, known);
      for (const turnId of known) {
        // Of many only some are listed: one that is not may be stuck still.
        if (!seen.has(turnId) && count <= ASKED_PER_LOOK) log.info({ turnId }, 'turn goes on');
      }
      known = seen;
      return count;
    },
  };
}

/** Undefined where the engine is too old to mark them. */
async function countOf(client: Client, query: string): Promise<number | undefined> {
  try {
    return (await client.workflow.count(query)).count;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === INVALID_ARGUMENT) return undefined;
    throw error;
  }
}

async function seenNow(
  { client, names, log }: Required<Pick<StuckWatchDeps, 'client' | 'names' | 'log'>>,
  query: string,
  known: Set<string>,
): Promise<Set<string>> {
  const seen = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: ASKED_PER_LOOK })) {
    if (seen.size === ASKED_PER_LOOK) break;
    const turnId = names.turnIdOf(workflowId);
    if (!turnId) continue;
    seen.add(turnId);
    if (known.has(turnId)) continue;
    const stuck = await describeStuck(client, workflowId);
    if (stuck) log.warn({ turnId, ...stuck }, 'turn is stuck: its workflow task fails again and again');
  }
  return seen;
}
