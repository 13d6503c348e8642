import type { FlowView, LoginAnswer, ManagedAuth } from '../../src/contract/index.ts';
import { advance, asksFor } from './auth-flows.ts';
import type { Response, TestApp } from './test-app.ts';

/** What tests of managed auth's routes begin with. */
export interface AuthLogins {
  connect(body?: Record<string, unknown>): Promise<ManagedAuth>;
  login(id: string): Promise<LoginAnswer>;
  /** A connection with a login that asks for user name and password. */
  asking(interactionId?: string): Promise<LoginAnswer>;
  exchange(id: string, code: unknown): Promise<Response>;
  /** The session token of a login. */
  sessionOf(login: LoginAnswer): Promise<string>;
  submit(
    id: string,
    body: unknown,
    options?: { token?: string; headers?: Record<string, string> },
  ): Promise<Response>;
  advance(login: LoginAnswer, change: Partial<FlowView>): Promise<FlowView>;
}

export function createAuthLogins(test: () => TestApp): AuthLogins {
  let count = 0;
  const demand = (answer: Response, status: number) => {
    if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const connect: AuthLogins['connect'] = async (body = {}) => {
    count += 1;
    const made = { domain: 'example.com', profile_name: `profile-${count}`, ...body };
    return demand(await test().post('/auth/connections', made), 201);
  };
  const login: AuthLogins['login'] = async (id) =>
    demand(await test().post(`/auth/connections/${id}/login`, {}), 200);
  const exchange: AuthLogins['exchange'] = (id, code) =>
    test().post(`/auth/connections/${id}/exchange`, { code }, { token: null });
  const step: AuthLogins['advance'] = ({ id, flow_id: flowId }, change) =>
    advance(test().store, { id: flowId, connectionId: id }, change);
  return {
    connect,
    login,
    exchange,
    advance: step,
    async asking(interactionId = 'int_1') {
      const begun = await login((await connect()).id);
      await step(begun, asksFor(interactionId));
      return begun;
    },
    sessionOf: async (begun) => demand(await exchange(begun.id, begun.handoff_code), 200).jwt,
    submit: (id, body, options) => test().post(`/auth/connections/${id}/submit`, body, options),
  };
}
