import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { Logger } from 'pino';
import { TURN_WORKFLOW, turnIdOf } from '../temporal/names.ts';
import { describeStuck } from '../temporal/stuck.ts';

export interface StuckWatchDeps {
  client: Client;
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
/** Most turns of which a look asks more than that they are stuck. */
const ASKED_PER_LOOK = 20;

/** Turns whose tasks failed repeatedly, as the engine itself marks them: one question, however many turns are open. */
const QUERY = `WorkflowType = '${TURN_WORKFLOW}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL`;

export function createStuckWatch({ client, metrics, log }: StuckWatchDeps): StuckWatch {
  let known = new Set<string>();
  let isKnown = true;
  return {
    async run() {
      if (!isKnown) return 0;
      const count = await countOf(client);
      if (count === undefined) {
        isKnown = false;
        log.info('the engine marks no failing turns; longturn_turns_stuck stays 0');
        return 0;
      }
      metrics.setStuckTurns(count);
      const seen = count === 0 ? new Set<string>() : await seenNow(client, known, log);
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
async function countOf(client: Client): Promise<number | undefined> {
  try {
    return (await client.workflow.count(QUERY)).count;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === INVALID_ARGUMENT) return undefined;
    throw error;
  }
}

async function seenNow(client: Client, known: Set<string>, log: Logger): Promise<Set<string>> {
  const seen = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query: QUERY, pageSize: ASKED_PER_LOOK })) {
    if (seen.size === ASKED_PER_LOOK) break;
    const turnId = turnIdOf(workflowId);
    if (!turnId) continue;
    seen.add(turnId);
    if (known.has(turnId)) continue;
    const stuck = await describeStuck(client, workflowId);
    if (stuck) log.warn({ turnId, ...stuck }, 'turn is stuck: its workflow task fails again and again');
  }
  return seen;
}
