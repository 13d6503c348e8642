import type { History } from '@temporalio/common/lib/proto-utils.js';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';

/** A recorded history and the id that its workflow had. */
export interface Recorded {
  name: string;
  workflowId: string;
  history: History;
}

/**
 * Replays histories one after another on one worker, which costs a fraction of a worker for each. Says of each by name
 * that it was replayed, or why not.
 */
export async function replayAll(
  options: ReplayWorkerOptions,
  recorded: readonly Recorded[],
): Promise<Map<string, 'replayed' | Error>> {
  const outcomes = new Map<string, 'replayed' | Error>();
  const names = recorded.map(({ name }) => name).values();
  for await (const { error } of Worker.runReplayHistories(options, recorded)) {
    outcomes.set(names.next().value ?? '', error ?? 'replayed');
  }
  return outcomes;
}
