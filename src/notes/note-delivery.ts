import type { Logger } from 'pino';
import { shuffled } from '../shuffled.ts';
import type { NoteOutbox } from './note-outbox.ts';
import type { NoteStore } from './note-store.ts';

/*
 * How a session's record reaches the note store. The transaction that changes a session marks its record as due (`NoteOutbox`);
 * the record is delivered
 *  - at once, by the process that has changed the session (`changed`),
 *  - else by the next round of any worker's upkeep (`run`): after a crash, or when the store did not answer,
 *  - and before notes are read (`flush`): whoever has seen a turn end reads a record that tells of it.
 * Each may happen twice or late: the store takes only a version that is newer than the one it has.
 */

export interface NoteDeliveryDeps {
  store: Pick<NoteStore, 'record'>;
  outbox: NoteOutbox;
  /** Whether the store stands in the turns' own database: then whoever changes a session waits for the delivery. */
  isNear: boolean;
  /** How long one record may take, in milliseconds. Default 10,000. */
  attemptMs?: number;
  /** How long a reader waits for records that are not delivered, in milliseconds. Default 2,000. */
  flushMs?: number;
  log: Logger;
  now(): Date;
}

export interface NoteDelivery extends AsyncDisposable {
  /** Delivers a session's record after its change was committed. Never fails, and waits only for a store that is near. */
  changed(sessionId: string): Promise<void>;
  /** Delivers what is due; ends early where the store does not answer. */
  run(): Promise<void>;
  /** Delivers what is not delivered, as far as the time lasts. */
  flush(): Promise<void>;
}

/** Records that are read from the outbox at once. */
const BATCH = 100;
/** After so many failures in a row the store counts as away, and a round ends. */
const AWAY = 3;
/** How long changes are left to the rounds after a failure, in milliseconds: a store that is away is not asked for each turn. */
const REST_MS = 5_000;

export function createNoteDelivery({
  store,
  outbox,
  isNear,
  attemptMs = 10_000,
  flushMs = 2_000,
  log,
  now,
}: NoteDeliveryDeps): NoteDelivery {
  const running = new Map<string, Promise<boolean>>();
  const waiting = new Map<string, Promise<boolean>>();
  let restUntilMs = 0;

  const attempt = async (sessionId: string): Promise<boolean> => {
    const record = await outbox.record(sessionId);
    if (!record) return true;
    try {
      await within(attemptMs, (signal) => store.record(record, signal));
    } catch (error) {
      restUntilMs = now().getTime() + REST_MS;
      log.warn(
        { err: error, sessionId },
        "a session's record did not reach the note store; it is tried again",
      );
      await outbox.failed(sessionId, reasonOf(error), now().toISOString());
      return false;
    }
    restUntilMs = 0;
    await outbox.delivered(sessionId, record.version, now().toISOString());
    return true;
  };

  const start = (sessionId: string): Promise<boolean> => {
    const delivering = attempt(sessionId).finally(() => running.delete(sessionId));
    running.set(sessionId, delivering);
    return delivering;
  };

  /** One attempt of a session at a time; who comes meanwhile shares the one behind it, which reads the record anew. */
  const deliver = (sessionId: string): Promise<boolean> => {
    const before = running.get(sessionId);
    if (!before) return start(sessionId);
    const next =
      waiting.get(sessionId) ??
      before
        .catch(() => false)
        .then(() => {
          waiting.delete(sessionId);
          return start(sessionId);
        });
    waiting.set(sessionId, next);
    return next;
  };

  /** False where the store counts as away. */
  const deliverAll = async (sessionIds: string[]): Promise<boolean> => {
    let failures = 0;
    for (const sessionId of sessionIds) {
      failures = (await deliver(sessionId)) ? 0 : failures + 1;
      if (failures === AWAY) return false;
    }
    return true;
  };

  return {
    async changed(sessionId) {
      if (now().getTime() < restUntilMs) return;
      const delivered = deliver(sessionId).catch((error) =>
        log.warn({ err: error, sessionId }, "a session's record is left to the next round"),
      );
      if (isNear) await delivered;
    },
    async run() {
      for (;;) {
        const due = await outbox.undelivered({ dueBy: now().toISOString(), limit: BATCH });
        const answered = await deliverAll(shuffled(due.map(({ sessionId }) => sessionId)));
        if (!answered || due.length < BATCH) return;
      }
    },
    async flush() {
      const missing = await outbox.undelivered({ limit: BATCH });
      if (missing.length === 0) return;
      const all = deliverAll(missing.map(({ sessionId }) => sessionId)).catch((error) =>
        log.warn({ err: error }, 'notes are read without what is not delivered'),
      );
      await within(flushMs, () => all).catch(() => {});
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...running.values(), ...waiting.values()]);
    },
  };
}

/** Fails when the work has not ended by then; work that takes the signal ends, too. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${ms} ms`);
      ending.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
