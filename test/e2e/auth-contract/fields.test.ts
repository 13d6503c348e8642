import { describe, expect, it } from '@jest/globals';
import type { Field, ManagedAuth } from '../../../src/contract/auth/index.ts';
import { answerAll, bodyFor, type Person } from '../../support/auth-person.ts';
import { appCode, askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { itInFull, sizedCases } from '../../support/full-size.ts';

const stage = useAuthStage();

const shape = (fields: Field[] | null) => fields?.map(({ type, ref }) => [type, ref]);

/** Logs in as far as the second question. */
async function secondQuestion(
  scenario: string,
): Promise<{ view: ManagedAuth; next: ManagedAuth; person: Person }> {
  const { auth } = stage();
  const connection = await stage().connect(scenario);
  const view = await askedBy(stage(), connection);
  const person = stage().person();
  expect((await auth.submit(connection.id, bodyFor(view, person))).status).toBe(202);
  return { view, next: await auth.asked(connection.id, view.interaction_id), person };
}

describe('Fields and choices', () => {
  it.concurrent('the identifier is of type identifier with the key username, also where the site says e-mail or login', async () => {
    const scenarios = sizedCases(['combined', 'combined-german'], ['sms-list', 'attempts', 'six-box']);
    const views = await Promise.all(
      scenarios.map(async (scenario) => askedBy(stage(), await stage().connect(scenario))),
    );
    for (const view of views) {
      expect([view.login_url, shape(view.fields)]).toEqual([
        view.login_url,
        [
          ['identifier', 'username'],
          ['password', 'password'],
        ],
      ]);
      expect(view.discovered_fields).toHaveLength(2);
      expect(view.discovered_fields?.[1]?.type).toBe('password');
      for (const field of view.discovered_fields ?? []) {
        expect(field.selector).toMatch(/\S/);
        expect(field.label).toMatch(/\S/);
      }
      await stage().auth.cancel(view.id);
    }
  }, 120_000);

  it.concurrent('codes: one of an app is totp_code, one that was sent is code, six boxes are one field', async () => {
    const [app, mail, boxes] = await Promise.all(
      ['totp', 'email-code', 'six-box'].map((scenario) => secondQuestion(scenario)),
    );
    expect(app?.next.fields).toMatchObject([{ type: 'totp_code' }]);
    expect(app?.next.discovered_fields).toMatchObject([{ type: 'totp' }]);
    expect(mail?.next.fields).toMatchObject([{ type: 'code' }]);
    expect(boxes?.next.fields).toMatchObject([{ type: 'code' }]);
    expect(boxes?.next.discovered_fields).toHaveLength(1);
    const { auth, site } = stage();
    for (const [scenario, at] of [
      ['email-code', mail],
      ['six-box', boxes],
    ] as const) {
      if (!at) throw new Error('no question');
      const code = () => site.lastCode(scenario, at.person.username)?.code;
      await auth.submit(at.next.id, bodyFor(at.next, { username: '', password: '', code }));
      expect((await auth.ended(at.next.id)).flow_status).toBe('SUCCESS');
    }
    if (app)
      await auth.submit(
        app.next.id,
        bodyFor(app.next, { username: '', password: '', code: () => appCode() }),
      );
    if (app) expect((await auth.ended(app.next.id)).flow_status).toBe('SUCCESS');
  }, 120_000);

  itInFull.concurrent(
    'two numbers of one type: mfa_option_id takes the first, choices tell them apart',
    async () => {
      const { auth, site } = stage();
      const { next, person } = await secondQuestion('sms-list');
      const numbers = next.choices?.filter(({ mfa_type }) => mfa_type === 'sms') ?? [];
      expect(numbers).toHaveLength(2);
      expect(numbers.map(({ type }) => type)).toEqual(['mfa_method', 'mfa_method']);
      const [first, second] = numbers;
      expect(first?.masked_destination).not.toBe(second?.masked_destination);
      expect(next.mfa_options?.filter(({ type }) => type === 'sms')).toHaveLength(2);
      const body = { interaction_id: next.interaction_id ?? '', selected_choice_id: second?.id ?? '' };
      expect((await auth.submit(next.id, body)).status).toBe(202);
      const code = await auth.asked(next.id, next.interaction_id);
      expect(site.lastCode('sms-list', person.username)?.to).toMatch(/98$/);
      expect(code.fields).toMatchObject([{ type: 'code' }]);
      await auth.cancel(next.id);
    },
    120_000,
  );

  it.concurrent('an account is chosen by sign_in_option_id', async () => {
    const { auth } = stage();
    const { next } = await secondQuestion('account-picker');
    expect(next.sign_in_options?.slice(0, 2).map(({ label }) => label)).toEqual([
      expect.stringContaining('Analytical Engines'),
      expect.stringContaining('Personal'),
    ]);
    const option = next.sign_in_options?.[1]?.id ?? '';
    expect((await auth.submit(next.id, { sign_in_option_id: option })).status).toBe(202);
    expect((await auth.ended(next.id)).flow_status).toBe('SUCCESS');
  }, 120_000);

  it.concurrent('an address and nothing else is a login; so is a password and nothing else', async () => {
    const [link, notebook] = await Promise.all(
      ['magic-link', 'passwordless-only'].map(async (scenario) =>
        askedBy(stage(), await stage().connect(scenario)),
      ),
    );
    expect(shape(link?.fields ?? null)).toEqual([['identifier', 'username']]);
    expect(shape(notebook?.fields ?? null)).toEqual([['password', 'password']]);
    await Promise.all([link, notebook].map((view) => stage().auth.cancel(view?.id ?? '')));
  }, 120_000);

  it.concurrent('a forced password change asks for new_password and overwrites the saved credential', async () => {
    const { auth, site } = stage();
    const person = stage().person();
    const { username, password } = person;
    const name = await stage().credential({ username, password });
    const connection = await stage().connect('password-change', { credential: { name } });
    await auth.login(connection.id);
    const { questions, end } = await answerAll(auth, connection.id, {
      ...person,
      newPassword: 'ganz neu 123!',
    });
    expect(end.flow_status).toBe('SUCCESS');
    expect(questions.map(({ fields }) => shape(fields))).toEqual([[['password', 'new_password']]]);
    const keys = await auth.http.get<{ value_keys: string[] }>(`/credentials/${name}`);
    expect(keys.body.value_keys.toSorted()).toEqual(['password', 'username']);

    const other = await stage().connect('password-change', { credential: { name } });
    await auth.login(other.id);
    const again = await auth.ended(other.id);
    expect(again.flow_status).toBe('SUCCESS');
    const mine = site.attempts('password-change').filter(({ user }) => user === username);
    expect(mine.map(({ step, correct }) => [step, correct])).toEqual([
      ['password', true],
      ['change', true],
      ['password', true],
    ]);
  }, 120_000);

  it.concurrent('values that a person gave are saved under their keys unless save_credentials is false; one-time codes never', async () => {
    const { auth, site } = stage();
    const [kept, not] = await Promise.all([
      stage().connect('email-code'),
      stage().connect('email-code', { save_credentials: false }),
    ]);
    for (const connection of [kept, not]) {
      await auth.login(connection.id);
      const person = stage().person();
      const code = () => site.lastCode('email-code', person.username)?.code;
      const { end } = await answerAll(auth, connection.id, { ...person, code });
      expect(end.flow_status).toBe('SUCCESS');
    }
    const saved = (await auth.get(kept.id)).credential;
    expect(saved?.name).toMatch(/\S/);
    const credential = await auth.http.get<{ value_keys: string[] }>(
      `/credentials/${encodeURIComponent(saved?.name ?? '')}`,
    );
    expect(credential.body.value_keys.toSorted()).toEqual(['password', 'username']);
    expect((await auth.get(not.id)).credential).toBeUndefined();
  }, 120_000);

  it('and none of it edits a profile, fills a honeypot, searches or subscribes', () => {
    expect(stage().site.damage()).toEqual([]);
  });
});
