import type { Logger } from 'pino';
import type { Store, WorkerAbout } from '../store/store.ts';
import { repeat } from './repeat.ts';

export interface PresenceDeps {
  workerId: string;
  /** What it says of itself, as it stands now; undefined: nothing now. */
  about(): WorkerAbout | undefined;
  store: Store;
  log: Logger;
  now(): Date;
}

const BEAT_EVERY_MS = 2_000;

/**
 * Says that this worker is there, what it can do, and whether it drains: at once and every 2 s, until disposed of, which
 * is when the worker has ended.
 */
export function startPresence({ workerId, about, store, log, now }: PresenceDeps): AsyncDisposable {
  const stop = repeat('say that this worker is there', BEAT_EVERY_MS, log, async () => {
    const said = about();
    if (said) await store.workers.beat(workerId, now().toISOString(), said);
  });
  return {
    async [Symbol.asyncDispose]() {
      await stop();
      await store.workers
        .leave(workerId, now().toISOString())
        .catch((error) => log.debug({ err: error }, 'leave not noted'));
    },
  };
}
