import { afterEach, describe, expect, it } from '@jest/globals';
import { ListApprovalsQuery } from '../../../src/contract/index.ts';
import type { LiveFeed } from '../../../src/feed/live-feed.ts';
import { addPending, aTurn } from '../../support/builders.ts';
import { poll } from '../../support/poll.ts';
import { createScriptedFlow } from '../../support/scripted-flow.ts';
import { createFakeClient, createScriptedTurn, type FakeClient } from '../../support/scripted-turn.ts';

let running = new AsyncDisposableStack();
const readers: FakeClient[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.leave();
});

function reading(follow: (sink: FakeClient['sink']) => Promise<void>): FakeClient {
  const client = createFakeClient();
  readers.push(client);
  void follow(client.sink);
  return client;
}
const sees = (client: FakeClient, event: string) =>
  poll(() => client.events().includes(event), {
    what: `the reader sees ${event}`,
    everyMs: 2,
    timeoutMs: 3_000,
    explain: () => JSON.stringify(client.frames()),
  });

/** From now on nothing that is published arrives, as when a NOTIFY is lost. */
function lose(feed: LiveFeed): void {
  feed.publish = () => {};
}

/** What the feed itself tells once it is connected again; the rest stays lost. */
type Remedy = { name: string; lookAfterMs: () => number; afterwards(gap: () => void): void };
const REMEDIES: Remedy[] = [
  { name: 'by the look that nobody hints at', lookAfterMs: () => 20, afterwards: () => {} },
  { name: 'by the look after a gap', lookAfterMs: () => 3_600_000, afterwards: (gap) => gap() },
];

describe.each(REMEDIES)('a lost hint is made good $name:', ({ lookAfterMs, afterwards }) => {
  afterEach(async () => {
    await running.disposeAsync();
    running = new AsyncDisposableStack();
  });

  async function scripted() {
    const script = running.use(await createScriptedTurn({ lookAfterMs }));
    const { publish } = script.feed;
    return { script, remedy: () => afterwards(() => publish({ topic: 'gap' })) };
  }

  it('the inbox shows an approval whose hint was lost', async () => {
    const { script, remedy } = await scripted();
    const client = reading((sink) => script.streams.approvals(ListApprovalsQuery.parse({}), sink));
    await sees(client, 'snapshot');
    lose(script.feed);
    const turn = aTurn();
    const callId = addPending(turn);
    const events = turn.log.unacknowledged().map((event) => ({ ...event, turnId: script.turn.id }));
    await script.store.events.append(script.turn.id, events);
    remedy();
    await sees(client, 'approval.requested');
    expect(client.frames().at(-1)?.data).toMatchObject({ callId, status: 'pending' });
  });

  it('a turn shows events that its workflow alone has', async () => {
    const { script, remedy } = await scripted();
    const client = reading((sink) => script.streams.turn(script.turn, undefined, sink));
    await sees(client, 'snapshot');
    lose(script.feed);
    script.tell({ type: 'step.started', step: 1 });
    remedy();
    await sees(client, 'step.started');
  });

  it('a session shows its next turn', async () => {
    const { script, remedy } = await scripted();
    script.tellEnd();
    await script.endRow();
    const client = reading((sink) => script.streams.session(script.turn.sessionId, '2.0', sink));
    lose(script.feed);
    const { id, sessionId } = await script.admit();
    const at = new Date().toISOString();
    const events = [{ seq: 1, type: 'turn.cancelled' as const, at, turnId: id }];
    const usage = { inputTokens: 0, outputTokens: 0 };
    await script.store.turns.end({ turnId: id, status: 'cancelled', usage, endedAt: at, events });
    remedy();
    await sees(client, 'turn.cancelled');
    expect(client.frames()).toMatchObject([{ id: '2.1' }]);
    expect(sessionId).toBe(script.turn.sessionId);
  });

  it('an auth flow shows its newest state', async () => {
    const script = running.use(await createScriptedFlow({ lookAfterMs }));
    const { publish } = script.feed;
    const client = reading((sink) => script.flowStreams.follow(script.flowId, 'token-1', sink));
    await sees(client, 'managed_auth_state');
    lose(script.feed);
    await script.put({ website_error: 'new' });
    afterwards(() => publish({ topic: 'gap' }));
    await poll(() => client.frames().some(({ data }) => data.website_error === 'new'), {
      what: 'the newest state',
      timeoutMs: 3_000,
    });
  });
});
