import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Installation, WorkerStore } from '../store/store.ts';
import { type Poller, pollersOf } from '../temporal/pollers.ts';
import { StartError } from './start-error.ts';

/** Longest time in which a worker that lives asks for work again, in milliseconds: the engine holds a poll for 60 s. */
const WITHIN_MS = 75_000;
const LOOK_EVERY_MS = 1_000;
/** How much later the engine may have seen a worker than that has noted itself here, in milliseconds: clocks differ. */
const UNNOTED_MS = 120_000;

export interface AloneDeps {
  client: Client;
  taskQueue: string;
  installation: Installation;
  workers: WorkerStore;
  log: Logger;
  /** Default {@link WITHIN_MS}. */
  withinMs?: number;
}

/**
 * Makes sure that no worker of another store asks for work at this installation's queue: each would take the other's turns.
 * It happens where a store was copied, or where two stores have names of version 0.2. A worker writes that it polls to its
 * own store, so that one that polls here and never wrote here is of another. One that has just ended is told from one
 * that lives by its asking again; only where there is such a one does the start wait. Throws {@link StartError}.
 */
export async function assertAlone(deps: AloneDeps): Promise<void> {
  const { client, taskQueue, log, withinMs = WITHIN_MS } = deps;
  const before = await strangers(deps).catch((error) => {
    log.warn({ err: error, taskQueue }, 'the engine does not say who else asks for work at this queue');
    return [];
  });
  if (before.length === 0) return;
  log.warn(
    { taskQueue, workers: before.map(({ workerId }) => workerId) },
    `a worker of another store has asked for work at this queue; up to ${withinMs / 1_000} s to see whether it still does`,
  );
  const seen = new Map(before.map(({ workerId, lastAccessMs }) => [workerId, lastAccessMs]));
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    await delay(LOOK_EVERY_MS);
    const alive = (await pollersOf(client, taskQueue)).find(
      ({ workerId, lastAccessMs }) => lastAccessMs > (seen.get(workerId) ?? Number.POSITIVE_INFINITY),
    );
    if (alive) throw collision(deps, alive);
  }
}

async function strangers({ client, taskQueue, installation, workers }: AloneDeps): Promise<Poller[]> {
  const found: Poller[] = [];
  for (const poller of await pollersOf(client, taskQueue)) {
    const noted = await workers.lastSeen(poller.workerId);
    const isOurs =
      poller.installationId === installation.id &&
      noted !== undefined &&
      Date.parse(noted) > poller.lastAccessMs - UNNOTED_MS;
    if (!isOurs) found.push(poller);
  }
  return found;
}

function collision({ taskQueue, installation }: AloneDeps, { installationId, workerId }: Poller): StartError {
  const what =
    installationId === installation.id
      ? 'this store is a copy of the one that it works for'
      : `it works for installation ${installationId}, and this store is ${installation.id}`;
  return new StartError(
    `The worker ${workerId} asks for work at the task queue "${taskQueue}" of this engine, and ${what}: each would take ` +
      "the other's turns. End that worker, use another namespace (TEMPORAL_NAMESPACE), or make this store an " +
      'installation of its own: npm run installation -- renew',
  );
}
