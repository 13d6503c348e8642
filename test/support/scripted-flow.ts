import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowStreams } from '../../src/api/auth/stream/flow-streams.ts';
import type { Streams } from '../../src/api/stream/streams.ts';
import type { FlowView } from '../../src/contract/index.ts';
import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import type { LiveFeed } from '../../src/feed/live-feed.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { Followed, TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { awaiting, ended, newFlow, view } from '../adapters/store-suite/auth-fixtures.ts';
import { openStreams } from './open-streams.ts';

/** A flow whose workflow is played by a test, over a real store and real streams. */
export interface ScriptedFlow extends AsyncDisposable {
  store: Store;
  feed: LiveFeed;
  streams: Pick<Streams, 'readers'>;
  flowStreams: FlowStreams;
  flowId: string;
  connectionId: string;
  /** How often the flow's row was read. */
  reads(): number;
  /** What happens before the row is read or a shown interaction is noted: may wait or throw. */
  before: { read: () => Promise<void> | void; note: () => Promise<void> | void };
  /** Whose workflow's history is followed. */
  followed: Followed[];
  /** Stores the next revision, and hints. */
  put(changes?: Partial<FlowView>): Promise<void>;
  ask(interactionId: string): Promise<void>;
  end(status?: FlowView['flow_status']): Promise<void>;
  hint(): void;
}

interface FeedOptions {
  reaches?: boolean;
  /** When readers look again without a hint. */
  lookAfterMs?: () => number;
}

export async function createScriptedFlow({
  reaches = true,
  ...looking
}: FeedOptions = {}): Promise<ScriptedFlow> {
  const running = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'longturn-flow-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  const real = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
  const feed = running.use(createInProcessFeed(reaches));
  const { id: flowId, connectionId } = await newFlow(real, 'flow-1');

  let reads = 0;
  let revision = 1;
  const followed: Followed[] = [];
  const before: ScriptedFlow['before'] = { read: () => {}, note: () => {} };
  const { flows } = real.auth;
  const store: Store = {
    ...real,
    auth: {
      ...real.auth,
      flows: {
        ...flows,
        async get(id) {
          reads += 1;
          await before.read();
          return flows.get(id);
        },
        async noteShown(...shown) {
          await before.note();
          await flows.noteShown(...shown);
        },
      },
    },
  };
  const observer: Pick<TurnObserver, 'follow'> = {
    async *follow(watched, { signal }) {
      followed.push(watched);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  const { streams, flowStreams } = running.use(
    openStreams({ store, observer: observer as TurnObserver, feed, ...looking }),
  );
  const write = async (next: FlowView) => {
    await flows.put({ connectionId, view: next, at: new Date().toISOString() });
    scripted.hint();
  };
  const scripted: ScriptedFlow = {
    store: real,
    feed,
    streams,
    flowStreams,
    flowId,
    connectionId,
    reads: () => reads,
    before,
    followed,
    put: (changes) => write(view(flowId, { ...changes, revision: ++revision })),
    ask: (interactionId) => write(awaiting(flowId, ++revision, interactionId)),
    end: (status) => write(ended(flowId, ++revision, status)),
    hint: () => feed.publish({ topic: 'auth_flow', flowId, connectionId }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  return scripted;
}
