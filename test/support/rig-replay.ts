import type { DataConverter } from '@temporalio/common';
import { type ReplayResult, Worker } from '@temporalio/worker';
import { LOG_START } from '../../src/core/turn/turn-log.ts';
import type { Store } from '../../src/store/store.ts';
import type { RunHistory } from '../../src/temporal/turn/turn-histories.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';

/** Replays runs against the workflow code; returns those that do not fit it. */
export async function replayFaults(
  bundle: string,
  runs: RunHistory[],
  dataConverter: DataConverter,
): Promise<ReplayResult[]> {
  const faults: ReplayResult[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { code: bundle }, dataConverter }, runs);
  for await (const result of results) if (result.error) faults.push(result);
  return faults;
}

/**
 * What a replay of a closed turn tells otherwise than the archive, which was written while it ran. The engine checks only
 * that a replay does the same; this is whether it also says the same. The closed workflow is asked: it replays for that.
 */
export async function retoldOtherwise(
  { store, observer }: { store: Store; observer: TurnObserver },
  turnId: string,
): Promise<string[]> {
  const archived = await store.events.list(turnId);
  const differences: string[] = [];
  for (let position = LOG_START, more = true; more; ) {
    const page = await observer.eventsSince(turnId, position);
    for (const event of page.events) {
      const [then, now] = [archived[event.seq - 1], event].map((each) => JSON.stringify(each));
      if (then !== now) differences.push(`turn ${turnId} told ${then} and, replayed, tells ${now}`);
    }
    ({ position, more } = page);
  }
  return differences;
}
