import { createStreams } from '../../src/api/stream/create-streams.ts';
import type { Streams } from '../../src/api/stream/streams.ts';
import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import type { LiveFeed } from '../../src/feed/live-feed.ts';
import { createLogger } from '../../src/logger.ts';
import type { Store } from '../../src/store/store.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';

/** Real streams over a store, in one process with whoever writes to it: no workflow needs to be asked. */
export function createLiveStreams(store: Store): { streams: Streams; feed: LiveFeed } {
  const feed = createInProcessFeed(true);
  const observer: Pick<TurnObserver, 'follow'> = {
    async *follow(_workflowId, { signal }) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  const log = createLogger({ level: 'fatal' });
  const streams = createStreams({ store, observer: observer as TurnObserver, feed, log });
  return { streams, feed };
}
