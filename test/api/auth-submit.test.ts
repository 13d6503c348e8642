import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../src/contract/index.ts';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { poll } from '../support/poll.ts';
import { answered, away, closed, refuse, stored } from '../support/scripted-auth-gateway.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const CANARY = 'canary-7f3c';
const ANSWER = { fields: { username: 'anna', password: CANARY } };
const REPEATED = { headers: { 'x-stainless-retry-count': '1' } };

/** The messages that went to the workflow. */
const sent = () => test.authGateway.of('submit').map(([flowId, message]) => ({ flowId, ...message }));

function secretIds(answer: Answer | undefined): string[] {
  return answer?.mode === 'fields' ? Object.values(answer.values).map(({ secretId }) => secretId) : [];
}

function first<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('there is none');
  return found;
}

const kept = (flowId: string, ids: string[]) =>
  test.store.auth.secrets.get(flowId, ids, '2026-11-21T12:00:00.000Z');

describe('a submit', () => {
  it('R4.1 is accepted once GET shows that it was taken', async () => {
    const login = await auth.asking();
    expect(await auth.submit(login.id, ANSWER)).toMatchObject({ status: 202, body: { accepted: true } });
    expect((await test.get(`/auth/connections/${login.id}`)).body).toMatchObject({
      revision: 3,
      flow_step: 'SUBMITTING',
      interaction_id: null,
    });
    const hint = { topic: 'auth_flow', flowId: login.flow_id, connectionId: login.id };
    expect(test.hints.filter((heard) => heard.topic === 'auth_flow')).toContainEqual(hint);
  });

  it('sends references, and keeps the values sealed for this flow and question', async () => {
    const login = await auth.asking();
    await auth.submit(login.id, ANSWER);
    const [message] = sent();
    expect(message).toMatchObject({
      flowId: login.flow_id,
      interactionId: 'int_1',
      answer: { mode: 'fields', by: 'name', values: { username: {}, password: {} } },
      updateId: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: { tokenId: 'admin', name: 'admin' },
    });
    expect(JSON.stringify(sent())).not.toContain(CANARY);
    expect(JSON.stringify(test.log)).not.toContain(CANARY);
    const records = await kept(login.flow_id, secretIds(message?.answer));
    expect(records).toHaveLength(2);
    const opened = records.map(({ id, sealed, interactionId }) =>
      test.vault.open(sealed, { use: 'submitted', flowId: login.flow_id, interactionId, secretId: id }),
    );
    expect(opened.toSorted()).toEqual(['anna', CANARY]);
    expect(records.map(({ expiresAt }) => expiresAt)).toEqual([login.flow_expires_at, login.flow_expires_at]);
  });

  it('sends a choice as it is', async () => {
    const login = await auth.asking();
    await auth.submit(login.id, { fields: {}, mfa_option_id: 'sms' });
    expect(sent()).toMatchObject([{ answer: { mode: 'choice', by: 'mfa_type', value: 'sms' } }]);
  });

  it('names the question that it answers, where the client does', async () => {
    const login = await auth.asking();
    await auth.submit(login.id, { interaction_id: 'int_1', selected_choice_id: 'c' });
    expect(sent()).toMatchObject([{ interactionId: 'int_1' }]);
  });

  it('answers what this client was shown last, where it names no question', async () => {
    const login = await auth.asking('int_shown');
    await test.get(`/auth/connections/${login.id}`);
    await auth.advance(login, asksFor('int_newer'));
    const token = await auth.sessionOf(login);
    await auth.submit(login.id, ANSWER, { token });
    expect(sent()).toMatchObject([{ interactionId: 'int_newer', by: { name: 'a person' } }]);
    await auth.advance(login, asksFor('int_newest'));
    expect(problemCode(await auth.submit(login.id, ANSWER))).toBe('400 stale_interaction');
    expect(sent()).toHaveLength(1);
  });

  it('takes back its values when it is refused', async () => {
    const login = await auth.asking();
    for (const code of ['stale_interaction', 'validation_failed', 'no_active_interaction'] as const) {
      test.authGateway.script = { submit: refuse(code) };
      expect(problemCode(await auth.submit(login.id, ANSWER))).toBe(`400 ${code}`);
    }
    const ids = sent().flatMap(({ answer }) => secretIds(answer));
    expect(ids).toHaveLength(6);
    expect(await kept(login.flow_id, ids)).toEqual([]);
  });

  it('is refused while nothing is asked', async () => {
    const login = await auth.login((await auth.connect()).id);
    expect(problemCode(await auth.submit(login.id, ANSWER))).toBe('400 no_active_interaction');
    await auth.advance(login, { ...NO_QUESTION, flow_step: 'SUBMITTING' });
    expect(problemCode(await auth.submit(login.id, ANSWER))).toBe('400 stale_interaction');
    expect(sent()).toEqual([]);
  });
});

describe('an equal answer to the same question', () => {
  const answerTo = (interactionId: string) => ({
    interaction_id: interactionId,
    field_values: { field_1: 'anna', field_2: CANARY },
  });

  it.each([
    ['as another request', {}],
    ['as a retry', REPEATED],
  ])(
    '%s is accepted while its act is under way, and stale once the next question is asked or answered',
    async (_how, options) => {
      const login = await auth.asking();
      const again = async () => problemCode(await auth.submit(login.id, answerTo('int_1'), options));
      expect((await auth.submit(login.id, answerTo('int_1'))).status).toBe(202);
      // The engine answers an Update that it took before with the same view.
      const view = (await test.store.auth.flows.get(login.flow_id))?.view;
      test.authGateway.script = { submit: async () => answered(first(view)) };
      expect((await auth.submit(login.id, answerTo('int_1'), options)).status).toBe(202);
      await auth.advance(login, asksFor('int_2'));
      expect(await again()).toBe('400 stale_interaction');
      test.authGateway.script = {};
      expect((await auth.submit(login.id, answerTo('int_2'))).status).toBe(202);
      test.authGateway.script = { submit: async () => answered(first(view)) };
      expect(await again()).toBe('400 stale_interaction');
      expect((await auth.submit(login.id, answerTo('int_2'), options)).status).toBe(202);
    },
  );

  it.each([
    ['as another request', {}],
    ['as a retry', REPEATED],
  ])('%s is refused where the page was lost, and the login is looked for again', async (_how, options) => {
    const login = await auth.asking();
    expect((await auth.submit(login.id, answerTo('int_1'))).status).toBe(202);
    await auth.advance(login, { ...NO_QUESTION, flow_step: 'DISCOVERING' });
    expect(problemCode(await auth.submit(login.id, answerTo('int_1'), options))).toBe(
      '400 no_active_interaction',
    );
    expect(sent()).toHaveLength(1);
  });
});

describe("a client's own retry", () => {
  it('of an accepted submit is accepted again, within two minutes, and sends nothing', async () => {
    const login = await auth.asking();
    await auth.submit(login.id, ANSWER);
    expect(problemCode(await auth.submit(login.id, ANSWER))).toMatch(/^400/);
    expect((await auth.submit(login.id, ANSWER, REPEATED)).status).toBe(202);
    expect(sent()).toHaveLength(1);
    expect((await auth.submit(login.id, { fields: { username: 'b' } }, REPEATED)).status).toBe(400);
    test.clock.now = new Date('2026-11-21T12:02:01.000Z');
    expect((await auth.submit(login.id, ANSWER, REPEATED)).status).toBe(400);
  });

  it('of an unanswered submit answers the same question with the same message and values', async () => {
    const login = await auth.asking();
    test.authGateway.script = { submit: away };
    const first = await auth.submit(login.id, ANSWER);
    expect(problemCode(first)).toBe('503 engine_unavailable');
    expect(first.headers['retry-after']).toBe('2');
    test.authGateway.script = {};
    expect((await auth.submit(login.id, ANSWER, REPEATED)).status).toBe(202);
    const [before, after] = sent();
    expect(after).toEqual(before);
    expect(before?.interactionId).toBe('int_1');
  });

  it('of an unanswered submit is stale once another question is asked, and never answers that one', async () => {
    const login = await auth.asking();
    test.authGateway.script = { submit: away };
    await auth.submit(login.id, ANSWER);
    test.authGateway.script = {};
    await auth.advance(login, asksFor('int_2'));
    await test.get(`/auth/connections/${login.id}`);
    expect(problemCode(await auth.submit(login.id, ANSWER, REPEATED))).toBe('400 stale_interaction');
    expect(sent()).toHaveLength(1);
  });
});

describe('a submit that no worker answers, and that the engine keeps', () => {
  /** Sends an answer; once it is kept, the workflow takes the next message as told. */
  async function sendKept(next: typeof test.authGateway.script.submit) {
    const login = await auth.asking();
    const isKept = Promise.withResolvers<void>();
    test.authGateway.script = {
      submit: async () => {
        test.authGateway.script = next ? { submit: next } : {};
        isKept.resolve();
        return stored();
      },
    };
    const answering = auth.submit(login.id, ANSWER);
    await isKept.promise;
    return { login, answering };
  }

  it('is accepted once GET shows that it was taken', async () => {
    const { login, answering } = await sendKept(undefined);
    await auth.advance(login, { ...NO_QUESTION, flow_step: 'SUBMITTING' });
    expect(await answering).toMatchObject({ status: 202, body: { accepted: true } });
    const [first, again] = sent();
    expect(again).toEqual(first);
    expect((await auth.submit(login.id, ANSWER, REPEATED)).status).toBe(202);
    expect(sent()).toHaveLength(2);
  });

  it('is refused as stale where another answer was taken instead, and its values are forgotten', async () => {
    const { login, answering } = await sendKept(refuse('stale_interaction'));
    await auth.advance(login, asksFor('int_2'));
    expect(problemCode(await answering)).toBe('400 stale_interaction');
    expect(await kept(login.flow_id, secretIds(sent()[0]?.answer))).toEqual([]);
  });

  it('keeps its values for the worker that takes it later, where none has within seconds', async () => {
    const { login, answering } = await sendKept(undefined);
    expect(problemCode(await answering)).toBe('503 engine_unavailable');
    expect(sent()).toHaveLength(1);
    expect(await kept(login.flow_id, secretIds(sent()[0]?.answer))).toHaveLength(2);
    await auth.advance(login, { ...NO_QUESTION, flow_step: 'SUBMITTING' });
    expect((await auth.submit(login.id, ANSWER, REPEATED)).status).toBe(202);
  }, 15_000);
});

describe('a submit to a login that has ended', () => {
  it.each([
    ['SUCCESS', '400 no_active_flow'],
    ['FAILED', '400 no_active_flow'],
    ['CANCELED', '400 no_active_flow'],
    ['EXPIRED', '410 session_expired'],
  ] as const)('%s is answered %s', async (status, expected) => {
    const login = await auth.asking();
    await auth.advance(login, { flow_status: status, flow_step: 'COMPLETED' });
    expect(problemCode(await auth.submit(login.id, ANSWER))).toBe(expected);
  });

  it('R2.2 is answered 410 once the end is stored and its readers are told', async () => {
    const login = await auth.asking();
    test.authGateway.script = { submit: refuse('session_expired') };
    let isAnswered = false;
    const answering = auth.submit(login.id, ANSWER).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await poll(() => sent().length > 0, { what: 'the answer is sent', timeoutMs: 5_000 });
    expect(isAnswered).toBe(false);
    test.hints.length = 0;
    await auth.advance(login, { flow_status: 'EXPIRED', flow_step: 'COMPLETED' });
    expect(problemCode(await answering)).toBe('410 session_expired');
    expect(test.hints).toContainEqual({ topic: 'auth_flow', flowId: login.flow_id, connectionId: login.id });
  });

  it('is answered from the store where the workflow is closed', async () => {
    const login = await auth.asking();
    test.authGateway.script = {
      submit: async () => {
        await auth.advance(login, { flow_status: 'FAILED', flow_step: 'COMPLETED' });
        return closed();
      },
    };
    expect(problemCode(await auth.submit(login.id, ANSWER))).toBe('400 no_active_flow');
    const [message] = sent();
    expect(await kept(login.flow_id, secretIds(message?.answer))).toEqual([]);
  });

  it('is not quoted where its body is no JSON', async () => {
    const { id } = await auth.asking();
    const raw = `{"fields":{"password":"${CANARY}",}}`;
    const answer = await test.request('POST', `/auth/connections/${id}/submit`, { raw });
    expect(problemCode(answer)).toBe('400 malformed_json');
    expect(JSON.stringify([answer.body, test.log])).not.toContain(CANARY);
  });
});
