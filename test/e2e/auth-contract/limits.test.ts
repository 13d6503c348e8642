import { describe, expect, it } from '@jest/globals';
import { answerAll } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';

const FLOW_TIMEOUT_MS = 14_000;
const stage = useAuthStage({ env: { LONGTURN_AUTH_FLOW_TIMEOUT_MS: String(FLOW_TIMEOUT_MS) } });

describe('Limits of a flow', () => {
  it.concurrent('what is done elsewhere and never comes ends EXPIRED with external_action_timeout', async () => {
    const { auth } = stage();
    const connection = await stage().connect('push');
    const login = await auth.login(connection.id);
    const expiresMs = Date.parse(login.flow_expires_at);
    expect(expiresMs - Date.now()).toBeLessThanOrEqual(FLOW_TIMEOUT_MS);
    expect(expiresMs - Date.now()).toBeGreaterThan(FLOW_TIMEOUT_MS - 4_000);
    const { end, questions } = await answerAll(auth, connection.id, {
      ...stage().person(),
      elsewhere: () => undefined,
    });
    expect(questions.at(-1)?.flow_step).toBe('AWAITING_EXTERNAL_ACTION');
    expect(end).toMatchObject({ flow_status: 'EXPIRED', error_code: 'external_action_timeout' });
    expect(Date.now()).toBeGreaterThanOrEqual(expiresMs - 100);
    expect(Date.now()).toBeLessThan(expiresMs + 3_000);
  });

  it.concurrent('a page that never loads does not hold the flow beyond its time', async () => {
    const { auth } = stage();
    const connection = await stage().connect('never-loads');
    const login = await auth.login(connection.id);
    const end = await auth.ended(connection.id, FLOW_TIMEOUT_MS + 10_000);
    expect(['FAILED', 'EXPIRED']).toContain(end.flow_status);
    expect(end.error_code).toMatch(/\S/);
    expect(Date.now()).toBeLessThan(Date.parse(login.flow_expires_at) + 5_000);
  });

  it.concurrent('a new login supersedes nothing that still runs, and takes the place of what has expired', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const first = await auth.login(connection.id);
    expect((await auth.http.post(`/auth/connections/${connection.id}/login`, {})).status).toBe(409);
    expect((await auth.ended(connection.id)).flow_status).toBe('EXPIRED');
    const second = await auth.login(connection.id);
    expect(second.flow_id).not.toBe(first.flow_id);
    const { end } = await answerAll(auth, connection.id, stage().person());
    expect(end).toMatchObject({ flow_id: second.flow_id, flow_status: 'SUCCESS' });
  }, 120_000);

  it('the browser types only where it may: another port, another name of this machine, an address that is private', async () => {
    const { auth, site } = stage();
    const port = site.host.split(':')[1];
    const elsewhere = await Promise.all(
      [
        { domain: 'example.com', login_url: site.loginUrl('combined') },
        { domain: site.host, login_url: `http://127.0.0.1:${port}/combined/login` },
        { domain: `127.0.0.1:${port}`, login_url: `http://127.0.0.1:${port}/combined/login` },
        { domain: '10.0.0.1', login_url: 'http://10.0.0.1/login' },
        { domain: '169.254.169.254', login_url: 'http://169.254.169.254/latest/meta-data/' },
        { domain: 'localhost:1', login_url: 'http://localhost:1/login' },
      ].map(async (body, index) => {
        const answer = await auth.http.post<{ id: string }>('/auth/connections', {
          ...body,
          profile_name: `elsewhere-${index}`,
        });
        if (answer.status === 400) return 'refused';
        expect(answer.status).toBe(201);
        const login = await auth.http.post(`/auth/connections/${answer.body.id}/login`, {});
        if (login.status === 400) return 'refused';
        const end = await auth.ended(answer.body.id, FLOW_TIMEOUT_MS + 8_000);
        expect([body.login_url, end.flow_status]).toEqual([body.login_url, 'FAILED']);
        expect(['domain_not_allowed', 'network_error']).toContain(end.error_code);
        return end.error_code;
      }),
    );
    expect(elsewhere).toHaveLength(6);
  }, 120_000);

  it('an allowed domain compares its port', async () => {
    const { auth, site } = stage();
    const contoso = (label: string) => /contoso/i.test(label);
    const runs = [[site.ssoHost], ['127.0.0.1:1']].map(async (allowed_domains) => {
      const connection = await stage().connect('sso', { allowed_domains });
      const view = await askedBy(stage(), connection);
      const choice = view.choices?.find(({ label }) => contoso(label));
      await auth.submit(connection.id, {
        interaction_id: view.interaction_id ?? '',
        selected_choice_id: choice?.id ?? '',
      });
      const next = await auth.asked(connection.id, view.interaction_id).catch(() => auth.get(connection.id));
      if (next.flow_status === 'IN_PROGRESS') await auth.cancel(connection.id);
      return [next.flow_step, next.error_code];
    });
    expect(await Promise.all(runs)).toEqual([
      ['AWAITING_INPUT', null],
      ['COMPLETED', 'domain_not_allowed'],
    ]);
  }, 120_000);
});
