import type { Health } from '../api/deps.ts';
import { SILENT_MS } from '../store/workers/worker-silence.ts';
import type { Base } from './base.ts';
import type { WorkerPart } from './worker-part.ts';

/** How long a check may take, in milliseconds. */
const CHECK_MS = 2_000;

/** Asks engine, store and worker whether turns can be worked on. */
export function createHealth({ client, store, log, now }: Base, worker?: WorkerPart): () => Promise<Health> {
  const check = async (name: string, ask: () => Promise<unknown>): Promise<string> => {
    try {
      await ask();
      return 'ok';
    } catch (error) {
      log.debug({ err: error, check: name }, 'health check failed');
      return error instanceof Error ? error.message : String(error);
    }
  };
  const engine = () =>
    client.withDeadline(Date.now() + CHECK_MS, () =>
      client.workflowService.describeNamespace({ namespace: client.options.namespace }),
    );
  const polling = async () => {
    const polls = worker ? worker.polls() : (await store.workers.seenSince(secondsAgo(now()))) > 0;
    if (!polls) throw new Error('No worker polls for turns: start one with npm run start:worker.');
  };
  return async () => {
    const [engineIs, storeIs, workerIs] = await Promise.all([
      check('engine', engine),
      check('store', store.ping),
      check('worker', polling),
    ]);
    return { engine: engineIs, store: storeIs, worker: workerIs };
  };
}

function secondsAgo(now: Date): string {
  return new Date(now.getTime() - SILENT_MS).toISOString();
}
