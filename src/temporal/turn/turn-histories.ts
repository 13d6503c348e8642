import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { type Names, UNNAMED } from '../names.ts';
import { readableHistory } from '../readable-history.ts';

/** One workflow run of a turn. */
export interface RunHistory {
  workflowId: string;
  history: History;
}

/**
 * The histories of a workflow's runs, newest first: more than one after continue-as-new. `fetch` reads one run's, by default
 * the newest's; undefined: it and those before it are not there.
 */
export async function* runHistories(
  fetch: (runId: string | undefined) => Promise<History | undefined>,
): AsyncGenerator<History> {
  let runId: string | undefined;
  do {
    const history: History | undefined = await fetch(runId);
    if (!history) return;
    yield history;
    const [first] = history.events ?? [];
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  } while (runId !== undefined);
}

/** The histories of all runs of a turn, oldest first. */
export async function turnRuns(
  client: Client,
  turnId: string,
  names: Names = UNNAMED,
): Promise<RunHistory[]> {
  const workflowId = names.turnWorkflowId(turnId);
  const runs: RunHistory[] = [];
  for await (const history of runHistories((runId) =>
    client.workflow.getHandle(workflowId, runId).fetchHistory(),
  )) {
    runs.unshift({ workflowId, history });
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
    [...text.matchAll(/"taskQueue":\{"name":"([^"]{1,1000})"/g)].map(([, name]) => name),
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
