import type { AddressInfo } from 'node:net';
import type { FlowView, LoginAnswer } from '../../src/contract/index.ts';
import { advance } from './auth-flows.ts';
import { type AuthStream, openAuthStream } from './auth-stream.ts';
import { createLiveStreams } from './live-streams.ts';
import { ADMIN, createTestApp, type TestApp } from './test-app.ts';

/** The API with real streams, listening, and logins whose workflows are played by a test. */
export interface LiveAuth extends AsyncDisposable {
  test: TestApp;
  base: string;
  /** A new connection. */
  connect(): Promise<string>;
  login(connectionId: string): Promise<LoginAnswer>;
  /** A session token of the login. */
  jwt(login: LoginAnswer): Promise<string>;
  /** Stores the flow's next revision, and hints. */
  show(login: LoginAnswer, change: Partial<FlowView>): Promise<FlowView>;
  stream(connectionId: string, token?: string): Promise<AuthStream>;
}

export async function createLiveAuth(): Promise<LiveAuth> {
  let live: ReturnType<typeof createLiveStreams> | undefined;
  const test = await createTestApp({
    live: (store) => {
      live = createLiveStreams(store);
      return live;
    },
  });
  await test.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
  let count = 0;
  return {
    test,
    base,
    async connect() {
      count += 1;
      const body = { domain: 'shop.example', profile_name: `profile-${count}` };
      return (await test.post('/auth/connections', body)).body.id;
    },
    login: async (id) => (await test.post(`/auth/connections/${id}/login`)).body,
    async jwt({ id, handoff_code: code }) {
      return (await test.post(`/auth/connections/${id}/exchange`, { code }, { token: null })).body.jwt;
    },
    async show({ id: connectionId, flow_id: flowId }, change) {
      const view = await advance(test.store, { id: flowId, connectionId }, change);
      live?.feed.publish({ topic: 'auth_flow', flowId, connectionId });
      return view;
    },
    stream: (id, token = ADMIN) => openAuthStream(`${base}/auth/connections/${id}/events`, token),
    async [Symbol.asyncDispose]() {
      await live?.[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}
