import type { Client } from '@temporalio/client';
import { type ReplayResult, Worker } from '@temporalio/worker';
import { turnWorkflowId } from '../../src/temporal/names.ts';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** One workflow run of a turn. */
export interface RecordedRun {
  workflowId: string;
  history: History;
}

/** The histories of all runs of a turn, newest first. */
export async function runsOf(client: Client, turnId: string): Promise<RecordedRun[]> {
  const workflowId = turnWorkflowId(turnId);
  const runs: RecordedRun[] = [];
  for (let runId: string | undefined, more = true; more; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push({ workflowId, history });
    const [first] = history.events ?? [];
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    more = runId !== undefined;
  }
  return runs;
}

/** Replays runs against the workflow code; returns those that do not fit it. */
export async function replayFaults(bundle: string, runs: RecordedRun[]): Promise<ReplayResult[]> {
  const faults: ReplayResult[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { code: bundle } }, runs);
  for await (const result of results) if (result.error) faults.push(result);
  return faults;
}
