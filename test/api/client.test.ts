import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiError, type Client, createClient } from '../../src/client/index.ts';
import type { TurnFact } from '../../src/contract/index.ts';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createLiveAuth, type LiveAuth } from '../support/live-auth.ts';
import { pause } from '../support/poll.ts';
import { seedEnd, seedRunning } from '../support/seed-turns.ts';
import { ADMIN } from '../support/test-app.ts';

let live: LiveAuth;
let client: Client;
beforeAll(async () => {
  live = await createLiveAuth();
  client = createClient({ baseUrl: live.base, token: ADMIN, sleep: () => pause(1) });
});
afterAll(async () => {
  await live[Symbol.asyncDispose]();
});

/** Breaks every open connection, as a network or a restart does. */
const drop = () => live.test.app.server.closeAllConnections();

describe('over real sockets the client', () => {
  it('follows a turn to its end, each event once and in order, however often the connection drops', async () => {
    const { store } = live.test;
    const steps: TurnFact[] = Array.from({ length: 12 }, (_, at) => [
      { type: 'step.started' as const, step: at + 1 },
      { type: 'text.completed' as const, step: at + 1, text: `text ${at}` },
    ]).flat();
    const turn = await seedRunning(store, steps);
    let connections = 0;
    const seen: unknown[] = [];
    const onConnection = ({ isConnected }: { isConnected: boolean }) => {
      if (isConnected) connections += 1;
    };
    for await (const { data } of client.turns.follow(turn.id, { after: '1.0', onConnection })) {
      seen.push(data);
      if (seen.length === steps.length + 1) await seedEnd(store, turn.id);
      if (seen.length % 5 === 0) drop();
    }
    expect(seen).toEqual(await store.events.list(turn.id));
    expect(seen).toHaveLength(steps.length + 2);
    expect(connections).toBeGreaterThan(1);
    const again: unknown[] = [];
    for await (const frame of client.turns.follow(turn.id, { after: `1.${seen.length}` })) again.push(frame);
    expect(again).toEqual([]);
  });

  it('follows a login to its end, each state once', async () => {
    const id = await live.connect();
    const login = await client.connections.login(id);
    const session = await client.connections.exchange(id, login.handoff_code ?? '');
    const person = createClient({ baseUrl: live.base, token: session.jwt, sleep: () => pause(1) });
    const seen: unknown[] = [];
    for await (const { data } of person.connections.follow(id)) {
      seen.push([data.revision, data.flow_step]);
      if (data.revision === 1) await live.show(login, asksFor('int-1'));
      if (data.revision === 2) await live.show(login, { ...NO_QUESTION, flow_step: 'SUBMITTING' });
      if (data.revision === 3) await live.show(login, { flow_status: 'SUCCESS', flow_step: 'COMPLETED' });
      drop();
    }
    expect(seen).toEqual([
      [1, 'DISCOVERING'],
      [2, 'AWAITING_INPUT'],
      [3, 'SUBMITTING'],
      [4, 'COMPLETED'],
    ]);
  });

  it('is told by an error what is wrong', async () => {
    const missing = client.turns.get('turn_nobody_has').catch((error: unknown) => error);
    expect(await missing).toBeInstanceOf(ApiError);
    expect(await missing).toMatchObject({
      status: 404,
      code: 'turn_not_found',
      requestId: expect.any(String),
    });
    const stranger = createClient({ baseUrl: live.base, token: 'lt_wrong' }).turns.follow('turn_nobody_has');
    await expect(stranger.next()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('goes through lists, and writes what it reads', async () => {
    await client.agents.put('clerk', { model: 'rehearsal/script', description: 'Files things.' });
    expect(await client.agents.get('clerk')).toMatchObject({ name: 'clerk', description: 'Files things.' });
    const { id, token } = await client.tokens.create({ name: 'reader', scopes: ['turns:read'] });
    const reader = createClient({ baseUrl: live.base, token });
    expect((await reader.turns.list({ limit: 1 })).items).toHaveLength(1);
    expect(await client.tokens.delete(id)).toBeUndefined();
    await expect(reader.turns.list()).rejects.toMatchObject({ status: 401 });
    const { items, nextOffset } = await client.connections.list({ limit: 1 });
    expect([items.length, nextOffset]).toEqual([1, undefined]);
  });
});
