import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { TurnEvent } from '../../contract/index.ts';
import { translate } from '../engine-errors.ts';
import { type Names, TURN_WORKFLOW, UNNAMED } from '../names.ts';
import { EngineUnavailable, TurnClosed } from './turn-gateway.ts';
import { runHistories } from './turn-histories.ts';

/** A turn's newest workflow run, as the engine has it. */
export interface TurnExecution {
  runId: string;
  /** The engine's word: `RUNNING`, `COMPLETED`, `FAILED`, `CANCELLED`, `TERMINATED`, `TIMED_OUT`, … */
  status: string;
  open: boolean;
}

/** One workflow run of a turn. */
export interface TurnRun {
  turnId: string;
  runId: string;
}

/** What the engine knows of turns' workflows. All of it throws {@link EngineUnavailable} where the engine does not answer. */
export interface TurnExecutions {
  /** The newest run, strongly consistent; undefined when the engine does not know the turn. */
  find(turnId: string): Promise<TurnExecution | undefined>;
  /** Every event that the workflow has handed to an activity, out of its history: no worker is asked. In order. */
  carried(turnId: string): Promise<TurnEvent[]>;
  /** Runs that were closed lately, of each kind of close the newest: a hint, which may lag or be wrong. */
  closedLately(limit: number): Promise<TurnRun[]>;
  /** Open workflows of turns, page by page: a hint. `next` is absent after the last page. */
  open(limit: number, page?: Uint8Array): Promise<{ items: TurnRun[]; next?: Uint8Array }>;
  /** Terminates one run; silent when it is closed. */
  terminate(execution: TurnRun, reason: string): Promise<void>;
}

const CLOSED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);
/** How long one question may wait for the engine, in milliseconds. */
const ENGINE_WAIT_MS = 5_000;

/** `names`: of the installation; default: those without an id. */
export function createTurnExecutions(client: Client, names: Names = UNNAMED): TurnExecutions {
  const within = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ENGINE_WAIT_MS, call);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw error;
      // A namespace that is not there is no proof that a turn is not.
      throw new EngineUnavailable('The engine does not answer about a workflow.', {
        cause: translate(error),
      });
    }
  };
  const list = (query: string, pageSize: number, nextPageToken: Uint8Array = new Uint8Array()) =>
    within(() =>
      client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        pageSize,
        nextPageToken,
      }),
    );

  return {
    async find(turnId) {
      try {
        const { runId, status } = await within(() =>
          client.workflow.getHandle(names.turnWorkflowId(turnId)).describe(),
        );
        return { runId, status: status.name, open: !CLOSED.has(status.name) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    carried: (turnId) => carriedEvents(client, names.turnWorkflowId(turnId), within),
    async closedLately(limit) {
      // Completed is the rule: apart, so that it does not hide the rest.
      const lost = await list(statusIn(names, 'Terminated', 'TimedOut', 'Failed', 'Canceled'), limit);
      const completed = await list(statusIn(names, 'Completed'), limit);
      return [...itemsOf(names, lost.executions), ...itemsOf(names, completed.executions)];
    },
    async open(limit, page) {
      const { executions, nextPageToken } = await list(statusIn(names, 'Running'), limit, page);
      return { items: itemsOf(names, executions), ...(nextPageToken?.length && { next: nextPageToken }) };
    },
    async terminate({ turnId, runId }, reason) {
      await within(() =>
        client.workflow.getHandle(names.turnWorkflowId(turnId), runId).terminate(reason),
      ).catch((error) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    },
  };
}

function statusIn(names: Names, ...statuses: string[]): string {
  const list = statuses.map((status) => `'${status}'`).join(',');
  const ours = `WorkflowId STARTS_WITH '${names.turnWorkflowId('')}'`;
  return `WorkflowType = '${TURN_WORKFLOW}' AND ${ours} AND ExecutionStatus IN (${list})`;
}

type Listed = { execution?: { workflowId?: string | null; runId?: string | null } | null };

function itemsOf(names: Names, executions: Listed[] | null | undefined): TurnRun[] {
  return (executions ?? []).flatMap(({ execution }) => {
    const turnId = names.turnIdOf(execution?.workflowId ?? '');
    return turnId && execution?.runId ? [{ turnId, runId: execution.runId }] : [];
  });
}

/** Events travel in the inputs of activities; each committed one is in at least one of them. */
async function carriedEvents(
  client: Client,
  workflowId: string,
  within: <T>(call: () => Promise<T>) => Promise<T>,
): Promise<TurnEvent[]> {
  const events = new Map<number, TurnEvent>();
  const runs = runHistories((runId) =>
    within(() => client.workflow.getHandle(workflowId, runId).fetchHistory()).catch((error) => {
      // Of a turn that was continued the older runs may be deleted already.
      if (error instanceof EngineUnavailable && error.cause instanceof TurnClosed) return undefined;
      throw error;
    }),
  );
  for await (const history of runs) {
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? []) {
      for (const event of await eventsIn(client, scheduled?.input?.payloads)) {
        if (!events.has(event.seq)) events.set(event.seq, event);
      }
    }
  }
  return [...events.values()].sort((a, b) => a.seq - b.seq);
}

async function eventsIn(client: Client, payloads: Payload[] | null | undefined): Promise<TurnEvent[]> {
  if (!payloads?.length) return [];
  const converter = client.options.loadedDataConverter;
  const [input] = (await decodeArrayFromPayloads(converter, payloads)) as [{ events?: TurnEvent[] }?];
  return input?.events ?? [];
}
