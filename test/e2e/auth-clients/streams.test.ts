import { describe, expect, it } from '@jest/globals';
import { FlowStep } from '../../../src/contract/auth/index.ts';
import { answerAll } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { openFaultyClient } from '../../support/faulty-client/faulty-client.ts';
import { pause } from '../../support/poll.ts';
import { sendSignal } from '../../support/processes.ts';

const stage = useAuthStage({ parts: ['engine', 'worker', 'api', 'api2'] });

describe('Streams of a flow', () => {
  it('R5 begin with the full state at once, also when nothing has changed for long', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const view = await askedBy(stage(), connection);
    await pause(1_500);
    const stream = await auth.stream(connection.id);
    const first = await stream.until('a state', () => true, 1_000);
    expect((stream.frames[0]?.atMs ?? 0) - stream.openedAtMs).toBeLessThan(500);
    expect(first).toMatchObject({
      event: 'managed_auth_state',
      flow_status: 'IN_PROGRESS',
      flow_step: 'AWAITING_INPUT',
      interaction_id: view.interaction_id,
      fields: view.fields,
      choices: view.choices,
      discovered_fields: view.discovered_fields,
      hosted_url: view.hosted_url,
    });
    stream.close();
    await auth.cancel(connection.id);
  });

  it('R6 show no error frame when engine or worker stand still or die; a page that takes such a frame for the end gets through', async () => {
    const { auth, system } = stage();
    const person = stage().person();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const page = openFaultyClient({
      baseUrl: system.baseUrl,
      sessionId: connection.id,
      handoffCode: login.handoff_code ?? '',
    });
    await page.until('form');
    const stream = await auth.stream(connection.id);
    const enginePid = await system.enginePid();
    sendSignal(enginePid, 'SIGSTOP');
    try {
      const during = await auth.stream(connection.id);
      await pause(4_000);
      expect(during.frames.filter(({ event }) => event === 'error')).toEqual([]);
      during.close();
    } finally {
      sendSignal(enginePid, 'SIGCONT');
    }
    await system.kill9('engine');
    await pause(2_000);
    page.dropStream();
    await system.startAll();
    await system.kill9('worker');
    await system.startAll();
    expect(stream.frames.filter(({ event }) => event === 'error')).toEqual([]);
    const { end } = await answerAll(auth, connection.id, person, 90_000);
    expect(end.flow_status).toBe('SUCCESS');
    await page.until('success');
    expect(page.frames.filter(({ event }) => event === 'error')).toEqual([]);
    expect(page.callbacks).toEqual({ success: 1, error: [] });
  }, 150_000);

  it.concurrent('R7 tell the end once and nothing behind it, whoever listens and from when', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('combined');
    await auth.login(connection.id);
    const early = await Promise.all(
      [auth, auth.at(system.urlOf('api2'))].map((each) => each.stream(connection.id)),
    );
    const { end } = await answerAll(auth, connection.id, stage().person());
    const late = await Promise.all(
      [auth, auth.at(system.urlOf('api2'))].map((each) => each.stream(connection.id)),
    );
    for (const stream of [...early, ...late]) {
      expect(await stream.ended).toBe('end');
      const terminal = stream.states().filter(({ flow_status }) => flow_status !== 'IN_PROGRESS');
      expect(terminal).toMatchObject([{ flow_status: 'SUCCESS', revision: end.revision }]);
      expect(stream.frames.at(-1)?.json).toEqual(terminal[0]);
    }
    const canceled = await auth.cancel(connection.id);
    expect(canceled.status).toBe(409);
    expect(await auth.get(connection.id)).toMatchObject({ flow_status: 'SUCCESS', revision: end.revision });
  });

  it.concurrent('R8 twenty exchanges of one code at once, over two instances, never give two sessions', async () => {
    const { auth, system } = stage();
    const second = auth.at(system.urlOf('api2'));
    const connection = await stage().connect('never-loads');
    const login = await auth.login(connection.id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? auth : second).exchange(connection.id, login.handoff_code),
      ),
    );
    const given = answers.filter(({ status }) => status === 200).map(({ body }) => body.jwt);
    expect(given.length).toBeGreaterThan(0);
    expect(new Set(given).size).toBe(1);
    for (const { status } of answers) expect([200, 410]).toContain(status);
    expect((await auth.as(given[0] ?? '').get(connection.id)).flow_id).toBe(login.flow_id);
    const used = await second.exchange(connection.id, login.handoff_code);
    expect([used.status, used.body.code]).toEqual([410, 'handoff_used']);
    await auth.cancel(connection.id);
  });

  it.concurrent('R8 a page that exchanges twice at once, as in strict mode, is no error screen', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const page = openFaultyClient({
      baseUrl: system.baseUrl,
      sessionId: connection.id,
      handoffCode: login.handoff_code ?? '',
      strictMode: true,
    });
    await page.until('form');
    await auth.cancel(connection.id);
    await page.until('error');
    expect(page.callbacks.error).toHaveLength(1);
  });

  it.concurrent('R9 know no other steps than those that every client knows', async () => {
    const { auth } = stage();
    const seen = await Promise.all(
      ['captcha', 'passkey-only', 'blocked', 'push'].map(async (scenario) => {
        const connection = await stage().connect(scenario);
        await auth.login(connection.id);
        const stream = await auth.stream(connection.id);
        const stop = await stream.until(
          'something to wait for, or the end',
          ({ flow_status, flow_step }) => flow_status !== 'IN_PROGRESS' || /^AWAITING/.test(flow_step ?? ''),
          40_000,
        );
        if (stop.flow_step === 'AWAITING_EXTERNAL_ACTION') {
          expect(stop['external_action_message']).toEqual(expect.stringMatching(/\S/));
        }
        await auth.cancel(connection.id);
        await stream.ended;
        return stream.states();
      }),
    );
    for (const state of seen.flat()) {
      expect(FlowStep.options).toContain(state.flow_step);
      if (state.flow_status !== 'IN_PROGRESS') expect(state.flow_step).toBe('COMPLETED');
    }
  }, 120_000);
});
