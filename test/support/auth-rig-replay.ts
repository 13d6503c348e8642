import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { historyText } from '../../src/temporal/turn/turn-histories.ts';
import { assertFitsRelease } from './released-stories.ts';
import { type Recorded, replayAll } from './replay-all.ts';

/**
 * Replays workflows by their ids; throws on the first that goes another way. Those of a named story are replayed on the last
 * release's code too, and with `RECORD_HISTORIES` written down under its name. Returns how many there were.
 */
export async function replayWorkflows(
  { client, dataConverter }: { client: Client; dataConverter: DataConverter },
  workflowIds: readonly string[],
  story?: string,
): Promise<number> {
  const recorded: Recorded[] = [];
  for (const workflowId of workflowIds) {
    const history = await client.workflow
      .getHandle(workflowId)
      .fetchHistory()
      .catch(() => undefined);
    if (!history) continue;
    recorded.push({ name: workflowId, workflowId, history });
    if (story !== undefined) await record(`${story}-${recorded.length}`, history, dataConverter);
  }
  const workflowBundle = { codePath: resolve('dist/workflow-bundle.js') };
  const outcomes = await replayAll({ workflowBundle, dataConverter }, recorded);
  for (const outcome of outcomes.values()) if (outcome !== 'replayed') throw outcome;
  if (story !== undefined) await assertFitsRelease(story, recorded, dataConverter);
  return outcomes.size;
}

async function record(
  name: string,
  history: temporal.api.history.v1.IHistory,
  { payloadCodecs }: DataConverter,
): Promise<void> {
  const folder = process.env['RECORD_HISTORIES'];
  if (!folder) return;
  mkdirSync(resolve(folder), { recursive: true });
  writeFileSync(join(resolve(folder), `${name}.json`), await historyText(history, payloadCodecs?.[0]));
}
