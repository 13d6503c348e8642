import type { Delta } from '../../contract/index.ts';
import type { ModelWait } from '../../store/store.ts';
import type { ActivityDeps } from '../deps.ts';

/** How long text is collected before it is written as one delta, in milliseconds. */
const COALESCE_MS = 50;

/** Writes a step's partial text to the store, in pieces, and hints. */
export interface DeltaWriter {
  /** Takes a piece of text; never waits. */
  write(piece: string): void;
  /** Writes what is left, so that the deltas add up to the whole text; nothing when no delta was needed at all. */
  finish(): Promise<void>;
  /** Stops writing, without the rest. */
  abandon(): Promise<void>;
  /** Tells readers that this attempt failed and when the next one is made. */
  delayed(wait: Pick<ModelWait, 'reason' | 'message' | 'nextAttemptAt' | 'model'>): Promise<void>;
}

/** One attempt of a step. */
interface Attempt {
  turnId: string;
  step: number;
  /** Of the activity, from 1. */
  attempt: number;
  /** Whether another activity may have told readers something of this step before. */
  isRepeated: boolean;
}

/** A writer for one attempt of a step. A later one first tells readers to drop what they have. */
export async function createDeltaWriter(
  { store, feed, now }: Pick<ActivityDeps, 'store' | 'feed' | 'now'>,
  { turnId, step, attempt, isRepeated }: Attempt,
): Promise<DeltaWriter> {
  let n = attempt > 1 || isRepeated ? await store.deltas.last(turnId, step) : 0;
  let collected = '';
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let wrote = false;

  const put = (delta: Delta) => {
    n += 1;
    const numbered = { n, delta };
    writing = writing.then(async () => {
      await store.deltas.append(turnId, step, [numbered]);
      feed.publish({ topic: 'turn', turnId, change: 'delta' });
    });
    // Seen by whoever awaits it last; until then it must not count as unhandled.
    writing.catch(() => undefined);
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (collected === '') return;
    put({ type: 'text.delta', at: now().toISOString(), turnId, step, attempt, text: collected });
    collected = '';
    wrote = true;
  };

  if (attempt > 1 || n > 0)
    put({ type: 'attempt.restarted', at: now().toISOString(), turnId, step, attempt });
  return {
    write(piece) {
      collected += piece;
      timer ??= setTimeout(flush, COALESCE_MS);
    },
    async finish() {
      if (wrote) flush();
      clearTimeout(timer);
      await writing;
    },
    async abandon() {
      clearTimeout(timer);
      await writing;
    },
    async delayed({ reason, message, nextAttemptAt, model }) {
      const at = now().toISOString();
      put({ type: 'model.delayed', at, turnId, step, attempt, reason, message, nextAttemptAt, model });
      await writing;
    },
  };
}
