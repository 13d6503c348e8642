import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { translate } from './engine-errors.ts';
import { TurnClosed } from './turn/turn-gateway.ts';

/** What is replayed, and with which code. */
export interface RecentHistories {
  client: Client;
  /** Of the installation. */
  taskQueue: string;
  /** The workflow code that is to take over. */
  bundleFile: string;
  dataConverter: DataConverter;
  /** How many of each kind, at most. */
  most: number;
}

export interface ReplayReport {
  replayed: number;
  /** Workflows that the code cannot go on with. */
  faults: { workflowId: string; reason: string }[];
}

/**
 * Replays the newest open workflows of an installation, and those that have ended last, on other workflow code: what a worker
 * of it would do with them, without one. Only reads.
 */
export async function replayRecent({
  client,
  taskQueue,
  bundleFile,
  dataConverter,
  most,
}: RecentHistories): Promise<ReplayReport> {
  const ours = `TaskQueue = '${taskQueue}'`;
  const histories = async function* () {
    for (const status of [`ExecutionStatus = 'Running'`, `ExecutionStatus = 'Completed'`]) {
      let count = 0;
      for await (const { workflowId, runId } of client.workflow.list({ query: `${ours} AND ${status}` })) {
        count += 1;
        if (count > most) break;
        const history = await unlessDeleted(() =>
          client.workflow.getHandle(workflowId, runId).fetchHistory(),
        );
        if (history) yield { workflowId, history };
      }
    }
  };
  const report: ReplayReport = { replayed: 0, faults: [] };
  const workflowBundle = { code: await readFile(bundleFile, 'utf8') };
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle, dataConverter },
    histories(),
  )) {
    report.replayed += 1;
    if (error) report.faults.push({ workflowId, reason: firstLine(error.message) });
  }
  return report;
}

/** What ended long ago may be gone between list and look. */
async function unlessDeleted<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (translate(error) instanceof TurnClosed) return undefined;
    throw error;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
