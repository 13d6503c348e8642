import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { flowHeartbeat } from '../../../src/api/auth/stream/flow-source.ts';
import { HeartbeatFrame } from '../../../src/contract/index.ts';
import { poll } from '../../support/poll.ts';
import { createScriptedFlow, type ScriptedFlow } from '../../support/scripted-flow.ts';
import { createGate } from '../../support/scripted-model.ts';
import { createFakeClient, type FakeClient } from '../../support/scripted-turn.ts';

let script: ScriptedFlow;
const streams: Promise<void>[] = [];
beforeEach(async () => {
  script = await createScriptedFlow();
});
afterEach(async () => {
  await script[Symbol.asyncDispose]();
  await Promise.all(streams.splice(0));
});

function reading(client = 'token-1', flowId = script.flowId): FakeClient {
  const fake = createFakeClient();
  streams.push(script.flowStreams.follow(flowId, client, fake.sink));
  return fake;
}
const has = (client: FakeClient, count: number) =>
  poll(() => client.frames().length >= count, {
    what: `the client has ${count} frames`,
    everyMs: 1,
    timeoutMs: 3_000,
    explain: () => JSON.stringify(client.frames()),
  });
const over = (client: FakeClient) => poll(() => client.outcome(), { what: 'the stream is over', everyMs: 1 });
const revisions = (client: FakeClient) => client.frames().map(({ data }) => data.revision);

describe('a reader of a flow', () => {
  it('has headers at once, the newest whole state first, and then each newer one', async () => {
    await script.put({ website_error: 'first' });
    await script.put({ website_error: 'second' });
    const client = reading();
    expect(client.opened()).toBe(true);
    await has(client, 1);
    await script.ask('int-1');
    await has(client, 2);
    expect(client.frames()).toMatchObject([
      { event: 'managed_auth_state', data: { revision: 3, website_error: 'second', sso_provider: null } },
      { event: 'managed_auth_state', data: { revision: 4, website_error: null, interaction_id: 'int-1' } },
    ]);
    expect(client.frames().map(({ id }) => id)).toEqual([undefined, undefined]);
    const stored = await script.store.auth.flows.get(script.flowId);
    expect(client.frames()[1]?.data).toEqual({
      event: 'managed_auth_state',
      timestamp: stored?.viewAt,
      ...{ notice: null, remarks: null, preview: null },
      ...stored?.view,
    });
  });

  it.each(['SUCCESS', 'FAILED', 'EXPIRED', 'CANCELED'] as const)(
    'gets the frame of %s once, and the stream ends',
    async (status) => {
      const client = reading();
      await has(client, 1);
      await script.end(status);
      expect(await over(client)).toBe('end');
      expect(client.frames().map(({ data }) => data.flow_status)).toEqual(['IN_PROGRESS', status]);
    },
  );

  it('of an ended flow gets one frame and the end in less than a second (R1.2)', async () => {
    await script.end();
    const startedMs = performance.now();
    const client = reading();
    expect(await over(client)).toBe('end');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(client.frames().map(({ data }) => data.flow_status)).toEqual(['SUCCESS']);
  });

  it('agrees with all others on equal revisions, byte for byte', async () => {
    const early = reading('a');
    await has(early, 1);
    await script.ask('int-1');
    const late = reading('b');
    await has(early, 2);
    await has(late, 1);
    expect(JSON.stringify(late.frames().at(-1))).toBe(JSON.stringify(early.frames().at(-1)));
  });

  it('is never sent an older revision, however the hints come', async () => {
    const client = reading();
    await has(client, 1);
    for (let round = 0; round < 30; round += 1) {
      await script.put();
      script.hint();
    }
    await script.end();
    await over(client);
    const seen = revisions(client);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(32);
  });

  it('sees what another process has stored without a hint when it connects (R4.1)', async () => {
    const first = reading('a');
    await has(first, 1);
    await script.store.auth.flows.put({
      connectionId: script.connectionId,
      view: { ...(await viewNow()), revision: 7 },
      at: new Date().toISOString(),
    });
    const second = reading('b');
    await has(second, 1);
    expect(revisions(second)).toEqual([7]);
    await has(first, 2);
  });

  it('of a flow whose row is gone is ended without a frame', async () => {
    const client = reading();
    await has(client, 1);
    await script.store.auth.connections.delete(script.connectionId);
    script.hint();
    expect(await over(client)).toBe('end');
    expect(client.frames()).toHaveLength(1);
  });

  it('gets the state that was stored right before the deletion, once flowShown was awaited', async () => {
    const client = reading();
    await has(client, 1);
    await script.end('CANCELED');
    await script.flowStreams.shown(script.flowId);
    await script.store.auth.connections.delete(script.connectionId);
    script.hint();
    expect(await over(client)).toBe('end');
    expect(client.frames().map(({ data }) => data.flow_status)).toEqual(['IN_PROGRESS', 'CANCELED']);
  });

  it('does not notice that the store fails for a moment (R6)', async () => {
    let failures = 0;
    script.before.read = () => {
      failures += 1;
      if (failures <= 2) throw new Error('database is locked');
    };
    const client = reading();
    await has(client, 1);
    expect([client.outcome(), client.events()]).toEqual([undefined, ['managed_auth_state']]);
  });

  it('is ended without a frame when the store does not answer at all (R6)', async () => {
    script.before.read = () => {
      throw new Error('database is locked');
    };
    const client = reading();
    expect(await over(client)).toBe('end');
    expect([client.opened(), client.frames()]).toEqual([true, []]);
  });

  it('gets heartbeats that name the flow', () => {
    const { event, data, cursor } = flowHeartbeat('flow-1');
    expect([event, cursor]).toEqual(['sse_heartbeat', undefined]);
    expect(HeartbeatFrame.parse(data)).toMatchObject({
      event: 'sse_heartbeat',
      flow_id: 'flow-1',
    });
  });

  const viewNow = async () => {
    const flow = await script.store.auth.flows.get(script.flowId);
    if (!flow) throw new Error('the flow is lost');
    return flow.view;
  };
});

describe('what a client was shown', () => {
  const shown = (client: string) => script.store.auth.flows.shown(script.flowId, client);

  it('is noted before the frame is written, once for each client', async () => {
    await script.ask('int-1');
    const gate = createGate();
    let notes = 0;
    script.before.note = async () => {
      notes += 1;
      await gate.passed();
    };
    const clients = [reading('a'), reading('a'), reading('b')];
    await gate.reached;
    expect(clients.map((client) => client.frames())).toEqual([[], [], []]);
    gate.open();
    await Promise.all(clients.map((client) => has(client, 1)));
    expect([await shown('a'), await shown('b'), notes]).toEqual(['int-1', 'int-1', 2]);
    await script.ask('int-2');
    await Promise.all(clients.map((client) => has(client, 2)));
    expect([await shown('a'), await shown('b'), notes]).toEqual(['int-2', 'int-2', 4]);
  });

  it('stays what it was while nothing is asked', async () => {
    await script.ask('int-1');
    const client = reading('a');
    await has(client, 1);
    await script.put({ flow_step: 'SUBMITTING' });
    await has(client, 2);
    expect(await shown('a')).toBe('int-1');
  });
});

describe('the watch of a flow', () => {
  it('reads once for many hints and many readers', async () => {
    const clients = Array.from({ length: 50 }, (_, index) => reading(`client-${index}`));
    await Promise.all(clients.map((client) => has(client, 1)));
    const gate = createGate();
    script.before.read = () => gate.passed();
    const before = script.reads();
    await script.ask('int-1');
    await gate.reached;
    for (let hint = 0; hint < 50; hint += 1) script.hint();
    gate.open();
    await Promise.all(clients.map((client) => has(client, 2)));
    await poll(() => script.reads() === before + 2, { what: 'one look more', everyMs: 1 });
  });

  it('closes the oldest of more than 20 streams of one client, and no other (R1.4)', async () => {
    const other = reading('b');
    const clients = Array.from({ length: 20 }, () => reading('a'));
    await Promise.all([other, ...clients].map((client) => has(client, 1)));
    clients.push(reading('a'));
    expect(await over(clients[0] as FakeClient)).toBe('end');
    await script.end();
    await Promise.all([other, ...clients].map(over));
    const last = [other, ...clients].map((client) => client.frames().at(-1)?.data.flow_status);
    expect(last).toEqual(['SUCCESS', 'IN_PROGRESS', ...Array.from({ length: 20 }, () => 'SUCCESS')]);
  });

  it('counts its readers, and forgets those who left', async () => {
    const client = reading();
    await has(client, 1);
    expect(script.streams.readers()).toBe(1);
    client.leave();
    await over(client);
    expect(script.streams.readers()).toBe(0);
  });
});

describe('where no feed reaches', () => {
  it('the history of the flow’s workflow is followed, and the row is looked at again and again', async () => {
    await script[Symbol.asyncDispose]();
    script = await createScriptedFlow({ reaches: false });
    script.hint = () => {};
    const client = reading();
    await has(client, 1);
    await script.ask('int-1');
    await has(client, 2);
    await script.end();
    await over(client);
    expect(revisions(client)).toEqual([1, 2, 3]);
    expect(script.followed).toEqual([{ flowId: script.flowId }]);
  });
});
