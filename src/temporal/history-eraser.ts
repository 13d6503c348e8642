import type { Client } from '@temporalio/client';
import { translate } from './engine-errors.ts';
import { TurnClosed } from './turn/turn-gateway.ts';

/** Deletes what the engine keeps of turns that have ended. */
export interface HistoryEraser {
  /**
   * Asks the engine to delete every workflow run of a turn; it does so in its own time. True when it has none any more:
   * ask again until then. Throws EngineUnavailable.
   */
  erase(turnId: string): Promise<boolean>;
}

/** How long one request to the engine may take, in milliseconds. */
const ENGINE_WAIT_MS = 5_000;

/** `workflowIdOf` gives the workflow id of a turn. */
export function createHistoryEraser(client: Client, workflowIdOf: (turnId: string) => string): HistoryEraser {
  const { namespace } = client.options;
  const { workflowService } = client;
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + ENGINE_WAIT_MS, call);

  /** The newest run, without the lag of visibility. */
  async function newestRun(workflowId: string): Promise<string | undefined> {
    const { workflowExecutionInfo: info } = await workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    return info?.execution?.runId ?? undefined;
  }

  /** The run that a run continues, as its first event tells. */
  async function runBefore(workflowId: string, runId: string): Promise<string | undefined> {
    const { history } = await workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    return started?.continuedExecutionRunId || undefined;
  }

  /** The newest run and those that it continues, newest first. */
  async function chainOfRuns(workflowId: string): Promise<string[]> {
    const runs: string[] = [];
    let run = await ifThere(() => within(() => newestRun(workflowId)));
    while (run !== undefined && !runs.includes(run)) {
      runs.push(run);
      const last = run;
      run = await ifThere(() => within(() => runBefore(workflowId, last)));
    }
    return runs;
  }

  /** Runs that only visibility knows, such as those before a reset, or behind a newest one that is gone already. */
  async function visibleRuns(workflowId: string): Promise<string[]> {
    const { executions } = await within(() =>
      workflowService.listWorkflowExecutions({
        namespace,
        pageSize: 1_000,
        query: `WorkflowId = '${workflowId}'`,
      }),
    );
    return (executions ?? []).flatMap(({ execution }) => execution?.runId ?? []);
  }

  return {
    async erase(turnId) {
      const workflowId = workflowIdOf(turnId);
      try {
        const chain = await chainOfRuns(workflowId);
        const others = (await visibleRuns(workflowId)).filter((runId) => !chain.includes(runId));
        // The newest goes last: it is the way to those that visibility does not show yet.
        for (const runId of [...others, ...chain.toReversed()]) {
          const workflowExecution = { workflowId, runId };
          await ifThere(() =>
            within(() => workflowService.deleteWorkflowExecution({ namespace, workflowExecution })),
          );
        }
        return chain.length + others.length === 0;
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

/** Undefined where the engine says that it has no such run. */
async function ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (translate(error) instanceof TurnClosed) return undefined;
    throw error;
  }
}
