import type { Worker } from '@temporalio/worker';
import type { TurnGateway, TurnToStart } from '../../src/temporal/turn/turn-gateway.ts';
import type { TurnActivities } from '../../src/workflows/turn/turn-activities.ts';

/** Stands before an activity: may fail, wait, or run it. */
export type Interceptor = (run: () => Promise<unknown>, input: never) => Promise<unknown>;

/** Faults of a test, by activity. */
export type Interceptors = Partial<Record<keyof TurnActivities, Interceptor>>;

/** The activities behind what a test puts before them, which may change at any time. */
export function intercepted(activities: TurnActivities, by: Interceptors): TurnActivities {
  const entries = Object.entries(activities).map(([name, activity]) => {
    const wrapped = (input: never) => {
      const interceptor = by[name as keyof TurnActivities];
      const run = () => (activity as (input: never) => Promise<unknown>)(input);
      return interceptor ? interceptor(run, input) : run();
    };
    return [name, wrapped];
  });
  return Object.fromEntries(entries);
}

/** A gateway that notes the ids of the turns that it starts; `before` may throw, as where a start is lost. */
export function recordStarts(
  gateway: TurnGateway,
  started: Set<string>,
  before: { run: (turn: TurnToStart) => void },
): TurnGateway {
  return {
    ...gateway,
    async start(turn) {
      before.run(turn);
      const isNew = await gateway.start(turn);
      started.add(turn.id);
      return isNew;
    },
  };
}

/** A worker that can be stopped, and started anew. */
export function createWorkerSwitch(create: () => Promise<Worker>) {
  let current: { worker: Worker; polling: Promise<void> } | undefined;
  return {
    async start() {
      if (current) return;
      const worker = await create();
      current = { worker, polling: worker.run() };
    },
    async stop() {
      current?.worker.shutdown();
      await current?.polling;
      current = undefined;
    },
  };
}
