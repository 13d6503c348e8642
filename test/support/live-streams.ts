import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import type { LiveFeed } from '../../src/feed/live-feed.ts';
import type { Store } from '../../src/store/store.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { type OpenStreams, openStreams } from './open-streams.ts';

/** Real streams over a store, in one process with whoever writes to it: no workflow needs to be asked. */
export function createLiveStreams(store: Store): OpenStreams & { feed: LiveFeed } {
  const feed = createInProcessFeed(true);
  const observer: Pick<TurnObserver, 'follow'> = {
    async *follow(_workflowId, { signal }) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  return { ...openStreams({ store, observer: observer as TurnObserver, feed }), feed };
}
