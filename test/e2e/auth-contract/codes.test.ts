import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth, SubmitBody } from '../../../src/contract/auth/index.ts';
import { answerAll, bodyFor, legacyBodyFor } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { itInFull, sizedCases } from '../../support/full-size.ts';

const stage = useAuthStage({ parts: ['engine', 'worker', 'api'] });

/** Status and code of a submit. */
async function codeOf(id: string, body: SubmitBody): Promise<[number, string | undefined]> {
  const answer = await stage().auth.submit(id, body);
  return [answer.status, answer.body.code];
}

const anything: SubmitBody = { fields: { username: 'a', password: 'b' } };

describe('What a submit is answered, by the state of the flow', () => {
  it.concurrent('without any flow: 400 no_active_flow; events 404; the flow part of GET is null', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    expect(await codeOf(connection.id, anything)).toEqual([400, 'no_active_flow']);
    const events = await auth.http.get<{ code: string }>(`/auth/connections/${connection.id}/events`);
    expect([events.status, events.body.code]).toEqual([404, 'no_active_flow']);
    const view: ManagedAuth = await auth.get(connection.id);
    const keys = [
      ...['flow_id', 'revision', 'flow_status', 'flow_step', 'flow_type', 'flow_expires_at'],
      ...['interaction_id', 'fields', 'choices', 'discovered_fields', 'pending_sso_buttons', 'mfa_options'],
      ...['sign_in_options', 'sso_provider', 'website_error', 'error_code', 'hosted_url'],
    ];
    expect(Object.entries(view).filter(([key]) => keys.includes(key))).toEqual(
      expect.arrayContaining(keys.map((key) => [key, null])),
    );
  });

  it.concurrent('while DISCOVERING: 400 no_active_interaction', async () => {
    const { auth } = stage();
    const connection = await stage().connect('never-loads');
    const login = await auth.login(connection.id);
    expect(await auth.get(connection.id)).toMatchObject({ flow_id: login.flow_id, flow_step: 'DISCOVERING' });
    expect(await codeOf(connection.id, anything)).toEqual([400, 'no_active_interaction']);
    await auth.cancel(connection.id);
  });

  it('while SUBMITTING, or with an id that is used up: 400 stale_interaction', async () => {
    const { auth, site } = stage();
    const person = stage().person();
    const connection = await stage().connect('slow');
    const view = await askedBy(stage(), connection);
    const gate = site.holdNextPost('slow');
    expect(await codeOf(connection.id, bodyFor(view, person))).toEqual([202, undefined]);
    await gate.arrived;
    expect((await auth.get(connection.id)).flow_step).toBe('SUBMITTING');
    const other = { ...person, password: 'else' };
    expect(await codeOf(connection.id, bodyFor(view, other))).toEqual([400, 'stale_interaction']);
    expect(await codeOf(connection.id, legacyBodyFor(view, other))).toEqual([400, 'stale_interaction']);
    gate.release();
    expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
    expect(site.attempts('slow').filter(({ user }) => user === person.username)).toHaveLength(1);
    expect(await codeOf(connection.id, bodyFor(view, person))).toEqual([400, 'no_active_flow']);
  });

  itInFull.concurrent(
    'after CANCELED, FAILED and SUCCESS: 400 no_active_flow',
    async () => {
      const { auth } = stage();
      const [canceled, failed, done] = await Promise.all(
        ['combined', 'blocked', 'combined'].map((scenario) => stage().connect(scenario)),
      );
      if (!canceled || !failed || !done) throw new Error('no connections');
      const view = await askedBy(stage(), canceled);
      await auth.cancel(canceled.id);
      await auth.login(failed.id);
      expect((await auth.ended(failed.id, 45_000)).flow_status).toBe('FAILED');
      await auth.login(done.id);
      expect((await answerAll(auth, done.id, stage().person())).end.flow_status).toBe('SUCCESS');
      for (const { id } of [canceled, failed, done]) {
        expect(await codeOf(id, anything)).toEqual([400, 'no_active_flow']);
        expect(await codeOf(id, bodyFor(view, stage().person()))).toEqual([400, 'no_active_flow']);
      }
    },
    120_000,
  );

  it.concurrent('a mode that is none, two modes, an id with an older mode, a missing key, an unknown choice: 400, and nothing moves', async () => {
    const { auth } = stage();
    const connection = await stage().connect('sso');
    const view = await askedBy(stage(), connection);
    const interaction_id = view.interaction_id ?? '';
    const [first] = view.fields ?? [];
    const name = view.discovered_fields?.[0]?.name ?? '';
    const refused: unknown[] = [
      {},
      { fields: {} },
      { interaction_id },
      { interaction_id, field_values: {} },
      { fields: { [name]: 'a' }, sso_provider: 'google' },
      { sso_provider: 'google', mfa_option_id: 'sms' },
      { interaction_id, fields: { [name]: 'a' } },
      { interaction_id, sso_provider: 'google' },
      { interaction_id, selected_choice_id: 'nothing' },
      { interaction_id, field_values: { [first?.id ?? '']: 'a' } },
      { interaction_id, field_values: { nothing: 'a' } },
      { fields: { [name]: 'a' } },
      { sso_button_selector: '//nothing' },
      { sso_provider: 'nobody' },
      { mfa_option_id: 'sms' },
      { sign_in_option_id: 'x' },
      { surprise: 1 },
      { fields: { [name]: 1 } },
    ];
    for (const body of refused) {
      const answer = await auth.submit(connection.id, body as SubmitBody);
      expect([JSON.stringify(body), answer.status]).toEqual([JSON.stringify(body), 400]);
      expect(answer.body.code).toMatch(/\S/);
      expect(answer.body.message).toMatch(/\S/);
    }
    const stale = await codeOf(connection.id, { interaction_id: 'mai_other', field_values: { x: 'y' } });
    expect(stale).toEqual([400, 'stale_interaction']);
    expect(await auth.get(connection.id)).toMatchObject({
      flow_step: 'AWAITING_INPUT',
      interaction_id,
      revision: view.revision,
    });
    await auth.cancel(connection.id);
  });

  itInFull.concurrent('an empty fields beside a selector counts as absent', async () => {
    const { auth } = stage();
    const connection = await stage().connect('sso');
    const view = await askedBy(stage(), connection);
    const button = view.pending_sso_buttons?.find(({ label }) => /contoso/i.test(label));
    expect(button?.selector).toMatch(/^\(?\/|^\.\/\//);
    const body = { fields: {}, sso_button_selector: button?.selector ?? '' };
    expect(await codeOf(connection.id, body)).toEqual([202, undefined]);
    const next = await auth.asked(connection.id, view.interaction_id);
    expect(next.sso_provider).toMatch(/contoso/i);
    await auth.cancel(connection.id);
  });

  it.concurrent('the same body again, as the SDK repeats it, is 202 again and reaches the site once', async () => {
    const { auth, site } = stage();
    for (const [index, form] of sizedCases<typeof bodyFor | typeof legacyBodyFor>(
      [bodyFor],
      [legacyBodyFor],
    ).entries()) {
      const person = stage().person();
      const connection = await stage().connect('slow');
      const view = await askedBy(stage(), connection);
      const body = form(view, person);
      const retry = (count: number) =>
        auth.submit(connection.id, body, { 'x-stainless-retry-count': String(count) });
      const answers = [await retry(0), ...(await Promise.all([retry(1), retry(2)]))];
      expect([index, ...answers.map(({ status }) => status)]).toEqual([index, 202, 202, 202]);
      expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
      expect(site.attempts('slow').filter(({ user }) => user === person.username)).toHaveLength(1);
    }
  }, 120_000);

  itInFull.concurrent(
    'an answer without an interaction belongs to the question that was last shown to that client',
    async () => {
      const { auth } = stage();
      const person = stage().person();
      const connection = await stage().connect('combined');
      const login = await auth.login(connection.id);
      const page = auth.as(await auth.jwt(login));
      const shown = await page.asked(connection.id);
      const other = await auth.asked(connection.id);
      await auth.submit(connection.id, bodyFor(other, { ...person, password: 'falsch' }));
      await auth.asked(connection.id, other.interaction_id);
      const late = await page.submit(
        connection.id,
        legacyBodyFor(shown, { ...person, password: 'auch falsch' }),
      );
      expect([late.status, late.body.code]).toEqual([400, 'stale_interaction']);
      const fresh = await page.get(connection.id);
      expect((await page.submit(connection.id, legacyBodyFor(fresh, person))).status).toBe(202);
      expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
      const mine = stage()
        .site.attempts('combined')
        .filter(({ user }) => user === person.username);
      expect(mine.map(({ correct }) => correct)).toEqual([false, true]);
    },
  );

  it('without a worker a submit is 503 with Retry-After within about 10 s, and is not lost or doubled when repeated', async () => {
    const { auth, system, site } = stage();
    const person = stage().person();
    const connection = await stage().connect('combined');
    const view = await askedBy(stage(), connection);
    const body = bodyFor(view, person);
    await system.kill9('worker');
    const started = performance.now();
    const answer = await auth.submit(connection.id, body);
    const waitedMs = performance.now() - started;
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThan(12_000);
    await system.startAll();
    await auth.submit(connection.id, body, { 'x-stainless-retry-count': '1' });
    const { end } = await answerAll(auth, connection.id, person);
    expect(end.flow_status).toBe('SUCCESS');
    expect(site.attempts('combined').filter(({ user }) => user === person.username)).toHaveLength(1);
  }, 120_000);
});
