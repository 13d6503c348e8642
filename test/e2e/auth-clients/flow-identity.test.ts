import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import type { AuthClient } from '../../support/auth-client.ts';
import { connectEngine, historyLength } from '../../support/auth-engine.ts';
import { legacyBodyFor } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import type { AuthStream } from '../../support/auth-stream.ts';
import { openFaultyClient } from '../../support/faulty-client/faulty-client.ts';
import { namesOf } from '../../support/names-of.ts';
import { pause, poll } from '../../support/poll.ts';

const stage = useAuthStage();

/** A connection whose first flow was canceled, a newer flow that asks, and the session of each. */
async function twoFlows(): Promise<{
  connection: ManagedAuth;
  older: AuthClient;
  newer: AuthClient;
  flows: [string, string];
}> {
  const { auth } = stage();
  const connection = await stage().connect('combined');
  const first = await auth.login(connection.id);
  const older = auth.as(await auth.jwt(first));
  await auth.asked(connection.id);
  await auth.cancel(connection.id);
  const second = await auth.login(connection.id);
  const newer = auth.as(await auth.jwt(second));
  await auth.asked(connection.id);
  expect(second.flow_id).not.toBe(first.flow_id);
  return { connection, older, newer, flows: [first.flow_id, second.flow_id] };
}

describe('Exact flow identity', () => {
  it('R1.1 a session JWT shows its own flow only, also when a newer one has begun', async () => {
    const { connection, older, newer, flows } = await twoFlows();
    expect(await older.get(connection.id)).toMatchObject({
      flow_id: flows[0],
      flow_status: 'CANCELED',
      interaction_id: null,
      fields: null,
    });
    const old = await older.stream(connection.id);
    expect(await old.ended).toBe('end');
    expect(old.states()).toMatchObject([{ flow_id: flows[0], flow_status: 'CANCELED' }]);
    expect(await newer.get(connection.id)).toMatchObject({ flow_id: flows[1], flow_step: 'AWAITING_INPUT' });

    const view = await newer.get(connection.id);
    const body = legacyBodyFor(view, { username: 'intruder@example.com', password: 'x' });
    const byName = await older.submit(connection.id, body);
    const byId = await older.submit(connection.id, {
      interaction_id: view.interaction_id ?? '',
      field_values: Object.fromEntries((view.fields ?? []).map(({ id }) => [id, 'x'])),
    });
    expect([byName.status, byName.body.code]).toEqual([400, 'no_active_flow']);
    expect([byId.status, byId.body.code]).toEqual([400, 'no_active_flow']);
    const waited = await older.http.get<ManagedAuth>(`/auth/connections/${connection.id}/wait?timeout=2`);
    expect(waited.body).toMatchObject({ flow_id: flows[0], flow_status: 'CANCELED' });
    expect(await newer.get(connection.id)).toMatchObject({
      flow_step: 'AWAITING_INPUT',
      revision: view.revision,
    });
  });

  it('R1.1 a page that reconnects after a newer login shows the end of its own flow', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const page = openFaultyClient({
      baseUrl: system.baseUrl,
      sessionId: connection.id,
      handoffCode: login.handoff_code ?? '',
      backoffMs: 1_500,
    });
    await page.until('form');
    page.dropStream();
    await auth.cancel(connection.id);
    const newer = await auth.login(connection.id);
    await page.until('error');
    expect(page.callbacks).toMatchObject({ success: 0, error: [expect.anything()] });
    expect(page.frames.every((frame) => frame['flow_id'] === login.flow_id)).toBe(true);
    expect(page.frames.some((frame) => frame['flow_id'] === newer.flow_id)).toBe(false);
  });

  it('R1.2 a stream of a flow that is over is one terminal frame and the end, within a second', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    await askedBy(stage(), connection);
    await auth.cancel(connection.id);
    const started = performance.now();
    const stream = await auth.stream(connection.id);
    expect(await stream.ended).toBe('end');
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(stream.frames).toHaveLength(1);
    expect(stream.states()).toMatchObject([{ flow_status: 'CANCELED', flow_step: 'COMPLETED' }]);
  });

  it('R1.3 every frame, every GET and the answer to login name the flow; revisions are whole numbers from 1', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const stream = await auth.stream(connection.id);
    const gets: ManagedAuth[] = [];
    while (!gets.some(({ flow_step }) => flow_step === 'AWAITING_INPUT')) {
      gets.push(await auth.get(connection.id));
      await pause(50);
    }
    await auth.cancel(connection.id);
    await stream.ended;
    for (const seen of [...gets, ...stream.states()]) {
      expect(seen.flow_id).toBe(login.flow_id);
      expect(Number.isInteger(seen.revision)).toBe(true);
      expect(seen.revision).toBeGreaterThanOrEqual(1);
    }
    expect((await auth.get(connection.id)).flow_id).toBe(login.flow_id);
  });

  it('R1.4 of too many streams of one session the oldest is closed and the newest goes on', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const session = auth.as(await auth.jwt(login));
    await auth.asked(connection.id);
    const streams: AuthStream[] = [];
    for (let n = 0; n < 40; n += 1) streams.push(await session.stream(connection.id));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    await poll(() => !streams[0]?.isOpen(), { what: 'the oldest stream is closed' });
    const open = streams.filter((each) => each.isOpen());
    expect(open.length).toBeGreaterThan(0);
    expect(open).toEqual(streams.slice(-open.length));
    expect(streams.flatMap((each) => each.frames.filter(({ event }) => event === 'error'))).toEqual([]);
    await auth.cancel(connection.id);
    expect(
      (await streams.at(-1)?.until('the end', (state) => state.flow_status === 'CANCELED'))?.flow_id,
    ).toBe(login.flow_id);
    for (const each of streams) each.close();
  });

  it('R1.5 open streams and GETs leave nothing in the history of the flow', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const { flow_id } = await auth.login(connection.id);
    await auth.asked(connection.id);
    await using engine = await connectEngine(stage());
    const workflowId = (await namesOf(stage().system)).authFlowWorkflowId(flow_id);
    const length = await poll(
      async () => {
        const before = await historyLength(engine, workflowId);
        await pause(1_500);
        return before === (await historyLength(engine, workflowId)) && before;
      },
      { what: 'the history of the flow is at rest', timeoutMs: 20_000 },
    );
    const streams = await Promise.all(Array.from({ length: 30 }, () => auth.stream(connection.id)));
    await Promise.all(Array.from({ length: 30 }, () => auth.get(connection.id)));
    await Promise.all(streams.map((each) => each.until('a state', () => true)));
    expect(await historyLength(engine, workflowId)).toBe(length);
    for (const each of streams) each.close();
    await auth.cancel(connection.id);
  });
});
