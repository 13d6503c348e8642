import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { type Names, UNNAMED } from '../src/temporal/names.ts';
import { readableHistory } from '../src/temporal/readable-history.ts';

/** One workflow run of a turn. */
export interface TurnRun {
  workflowId: string;
  history: History;
}

/** The histories of all runs of a turn, oldest first; more than one after continue-as-new. */
export async function turnRuns(client: Client, turnId: string, names: Names = UNNAMED): Promise<TurnRun[]> {
  const workflowId = names.turnWorkflowId(turnId);
  const runs: TurnRun[] = [];
  for (let runId: string | undefined, more = true; more; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift({ workflowId, history });
    const [first] = history.events ?? [];
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    more = runId !== undefined;
  }
  return runs;
}

/**
 * A history as proto JSON, decoded, without what tells of the machine: who worked, where its code lay, its queues.
 * `codec` is what encrypted it.
 */
export async function historyText(history: History, codec?: PayloadCodec): Promise<string> {
  const readable = await readableHistory(JSON.parse(historyToJSON(history)), codec);
  const text = JSON.stringify(readable);
  const queues = new Set(
    [...text.matchAll(/"taskQueue": ?\{\s*"name": ?"([^"]+)"/g)].map(([, name]) => name),
  );
  return `${JSON.stringify(
    JSON.parse(text, (key, value: unknown) => {
      if (key === 'identity') return 'worker';
      if (key === 'stackTrace') return '';
      return typeof value === 'string' && queues.has(value) ? 'longturn' : value;
    }),
    undefined,
    1,
  )}\n`;
}
