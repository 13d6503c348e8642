import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { Logger } from 'pino';
import {
  AUTH_CONNECTION_WORKFLOW,
  AUTH_FLOW_WORKFLOW,
  type Names,
  TURN_WORKFLOW,
  UNNAMED,
  WEBHOOK_WORKFLOW,
} from '../../temporal/names.ts';
import { describeStuck } from '../../temporal/stuck.ts';

/** What may be stuck: by what the gauges and the log call it. */
export type StuckKind = 'turn' | 'connection' | 'login' | 'webhook_delivery';

export interface StuckWatchDeps {
  client: Client;
  /** Of the installation. Default: those without an id. */
  names?: Names;
  metrics: { setStuck(kind: StuckKind, count: number): void };
  log: Logger;
}

/** Looks for open workflows whose tasks fail again and again: of turns, and of managed auth. */
export interface StuckWatch {
  /** Sets the gauges, and logs each workflow when it is first seen stuck and when it goes on. Returns how many are stuck. */
  run(): Promise<number>;
}

/** The search attribute is not one of this server's. */
const INVALID_ARGUMENT = 3;
/** Most workflows of a kind of which one look asks why they are stuck. */
const ASKED_PER_LOOK = 20;

/** Workflows of one kind, how their ids begin, and under which name the log has what follows. */
interface Kind {
  kind: StuckKind;
  workflow: string;
  prefix: string;
  idName: string;
}

function kindsOf(names: Names): Kind[] {
  return [
    { kind: 'turn', workflow: TURN_WORKFLOW, prefix: names.turnWorkflowId(''), idName: 'turnId' },
    {
      kind: 'connection',
      workflow: AUTH_CONNECTION_WORKFLOW,
      prefix: names.authConnectionWorkflowId(''),
      idName: 'connectionId',
    },
    { kind: 'login', workflow: AUTH_FLOW_WORKFLOW, prefix: names.authFlowWorkflowId(''), idName: 'flowId' },
    {
      kind: 'webhook_delivery',
      workflow: WEBHOOK_WORKFLOW,
      prefix: names.webhookWorkflowId(''),
      idName: 'deliveryId',
    },
  ];
}

export function createStuckWatch({ client, names = UNNAMED, metrics, log }: StuckWatchDeps): StuckWatch {
  const looks = kindsOf(names).map((kind) => ({ ...kind, look: createLook({ client, log }, kind) }));
  let isKnown = true;
  return {
    async run() {
      let all = 0;
      for (const { kind, look } of isKnown ? looks : []) {
        const count = await look();
        if (count === undefined) {
          isKnown = false;
          log.info('the engine marks no failing workflows; longturn_turns_stuck stays 0');
          return 0;
        }
        metrics.setStuck(kind, count);
        all += count;
      }
      return all;
    },
  };
}

/** One look at the workflows of a kind; answers undefined where the engine is too old to mark those that fail. */
function createLook(
  { client, log }: Pick<StuckWatchDeps, 'client' | 'log'>,
  { kind, workflow, prefix, idName }: Kind,
): () => Promise<number | undefined> {
  // As the engine itself marks them: one question, however many are open.
  const query = `WorkflowType = '${workflow}' AND WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL`;
  let known = new Set<string>();

  async function seenNow(): Promise<Set<string>> {
    const seen = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query, pageSize: ASKED_PER_LOOK })) {
      if (seen.size === ASKED_PER_LOOK) break;
      const id = workflowId.slice(prefix.length);
      // Ids of ours have no colon: what follows one is another installation's.
      if (id.includes(':')) continue;
      seen.add(id);
      if (known.has(id)) continue;
      const stuck = await describeStuck(client, workflowId);
      if (stuck)
        log.warn({ [idName]: id, ...stuck }, `${kind} is stuck: its workflow task fails again and again`);
    }
    return seen;
  }

  return async () => {
    const count = await countOf(client, query);
    if (count === undefined) return undefined;
    const seen = count === 0 ? new Set<string>() : await seenNow();
    for (const id of known) {
      // Of many only some are listed: one that is not may be stuck still.
      if (!seen.has(id) && count <= ASKED_PER_LOOK) log.info({ [idName]: id }, `${kind} goes on`);
    }
    known = seen;
    return count;
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
