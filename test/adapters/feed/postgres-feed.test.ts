import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ListApprovalsQuery } from '../../../src/contract/index.ts';
import type { Hint, LiveFeed } from '../../../src/feed/live-feed.ts';
import { createPostgresFeed } from '../../../src/feed/postgres-feed.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TurnObserver } from '../../../src/temporal/turn/turn-observer.ts';
import { openStreams } from '../../support/open-streams.ts';
import { poll } from '../../support/poll.ts';
import {
  findPostgres,
  POSTGRES_MISSING,
  type PostgresCluster,
  startPostgres,
} from '../../support/postgres.ts';
import { createFakeClient, type FakeClient } from '../../support/scripted-turn.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { approvalRequested, events, running, toolRequested } from '../store-suite/fixtures.ts';

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;

describeHere(`the PostgreSQL feed${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await startPostgres();
    url = await cluster.createDatabase();
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  const log = pino({ level: 'silent' });

  it('carries hints from one process to another, equal ones within a moment once', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard: Hint[] = [];
    const unsubscribe = to.subscribe((hint) => heard.push(hint));
    for (let n = 0; n < 5; n += 1) from.publish({ topic: 'turn', turnId: 'turn_1', change: 'stored' });
    from.publish({ topic: 'approvals' });
    await poll(() => heard.length >= 2, { what: 'two hints' });
    expect(heard).toEqual([{ topic: 'turn', turnId: 'turn_1', change: 'stored' }, { topic: 'approvals' }]);
    unsubscribe();
    from.publish({ topic: 'approvals' });
    const later: Hint[] = [];
    to.subscribe((hint) => later.push(hint));
    from.publish({ topic: 'session', sessionId: 's' });
    await poll(() => later.some((hint) => hint.topic === 'session'), { what: 'a later hint' });
    expect(heard).toHaveLength(2);
  });

  it('sends many hints at once in portions that the database takes', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard = new Set<string>();
    to.subscribe((hint) => heard.add(JSON.stringify(hint)));
    for (let n = 0; n < 500; n += 1) {
      from.publish({ topic: 'turn', turnId: `turn_${'x'.repeat(50)}_${n}`, change: 'closed' });
    }
    await poll(() => heard.size === 500, { what: '500 hints' });
  });

  it('listens again after its connection was lost', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard: Hint[] = [];
    to.subscribe((hint) => heard.push(hint));
    await cluster.dropConnections(url);
    await poll(
      () => {
        from.publish({ topic: 'approvals' });
        return heard.length > 0;
      },
      { what: 'a hint after the loss', everyMs: 100 },
    );
  });

  it('shows an approval whose notification came while the listening connection was gone', async () => {
    await using store = await createStore({ kind: 'postgres', url });
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    await using inbox = await readInbox(store, to);
    const turn = await running(store, 'turn-lost', { sessionId: 'session-lost' });
    await cluster.dropListeners(url);
    await store.events.append(
      turn.id,
      events(turn.id, [toolRequested('call_1'), approvalRequested('call_1')]),
    );
    from.publish({ topic: 'approvals' });
    await poll(() => inbox.client.events().includes('approval.requested'), {
      what: 'the approval',
      timeoutMs: 8_000,
    });
  });

  it('notices a listening connection that has silently gone, and makes it again', async () => {
    await using proxy = await startTcpProxy(cluster.socketPath);
    const through = `postgres://longturn@127.0.0.1:${proxy.port}${new URL(url).pathname}`;
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({
      url: through,
      log,
      probe: { everyMs: 100, withinMs: 1_000 },
    });
    const heard: Hint[] = [];
    to.subscribe((hint) => heard.push(hint));
    proxy.freeze();
    proxy.thaw();
    await poll(() => heard.some(({ topic }) => topic === 'gap'), {
      what: 'the gap is told',
      timeoutMs: 10_000,
    });
    from.publish({ topic: 'approvals' });
    await poll(() => heard.some(({ topic }) => topic === 'approvals'), { what: 'a hint after it' });
  });

  it('keeps one listening connection, however often it is lost', async () => {
    const own = await cluster.createDatabase();
    await using feed = await createPostgresFeed({ url: own, log });
    const gaps: Hint[] = [];
    feed.subscribe((hint) => gaps.push(hint));
    for (let n = 1; n <= 2; n += 1) {
      expect(await cluster.dropListeners(own)).toBe(1);
      await poll(() => gaps.length === n, { what: `gap ${n}` });
    }
  });
});

/** A reader of the inbox that has its first frame; looks that nobody hints at are an hour away. */
async function readInbox(store: Store, feed: LiveFeed): Promise<{ client: FakeClient } & AsyncDisposable> {
  const observer = {} as TurnObserver;
  const open = openStreams({ store, observer, feed, lookAfterMs: () => 3_600_000 });
  const client = createFakeClient();
  const over = open.streams.approvals(ListApprovalsQuery.parse({}), client.sink);
  await poll(() => client.events().includes('snapshot'), { what: 'the inbox' });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.leave();
      await over;
      await open[Symbol.asyncDispose]();
    },
  };
}
