import { aborted } from './aborted.ts';
import type { Watch } from './watch.ts';

/** The watches of one kind in this process: one for each watched subject, for as long as somebody reads it. */
export interface Watches<S, W> extends AsyncDisposable {
  /**
   * Calls `read` with the subject's watch, made on first use, once it is ready; nothing happens where `gone` is aborted
   * before.
   */
  use(subject: S, gone: AbortSignal, read: (watch: W) => Promise<void>): Promise<void>;
  /** The watch of a subject that is being read. */
  find(id: string): W | undefined;
  count(): number;
}

/** How long a watch without readers is kept for the next one, in milliseconds. */
const LINGER_MS = 1_000;

export function createWatches<
  S extends { id: string },
  W extends Pick<Watch<never>, 'ready' | 'ended'> & AsyncDisposable,
>(create: (subject: S) => W): Watches<S, W> {
  const watches = new Map<string, { watch: W; users: number; linger?: NodeJS.Timeout | undefined }>();

  const acquire = (subject: S): W => {
    const entry = watches.get(subject.id) ?? { watch: create(subject), users: 0 };
    watches.set(subject.id, entry);
    clearTimeout(entry.linger);
    entry.users += 1;
    return entry.watch;
  };
  const release = (id: string) => {
    const entry = watches.get(id);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    // What has ended is read from the store the next time.
    entry.linger = setTimeout(() => void drop(id), entry.watch.ended() ? 0 : LINGER_MS);
  };
  const drop = async (id: string) => {
    const entry = watches.get(id);
    watches.delete(id);
    clearTimeout(entry?.linger);
    await entry?.watch[Symbol.asyncDispose]();
  };

  return {
    async use(subject, gone, read) {
      const watch = acquire(subject);
      try {
        await Promise.race([watch.ready, aborted(gone)]);
        if (!gone.aborted) await read(watch);
      } finally {
        release(subject.id);
      }
    },
    find: (id) => watches.get(id)?.watch,
    count: () => watches.size,
    async [Symbol.asyncDispose]() {
      await Promise.all([...watches.keys()].map(drop));
    },
  };
}
