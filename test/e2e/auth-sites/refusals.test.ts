import { describe, expect, it } from '@jest/globals';
import { seenOf } from '../../support/auth-matrix.ts';
import { answerAll, bodyFor } from '../../support/auth-person.ts';
import { appCode, askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { sizedCases } from '../../support/full-size.ts';

const stage = useAuthStage();

describe('A page on a host that a stored login is not for', () => {
  it.concurrent.each([
    ['it is where the login begins', () => `${stage().site.ssoOrigin}/login`],
    ['the site itself leads there', () => `${stage().site.origin}/sso/start/contoso`],
  ])(
    'gets nothing of it where %s: a person is asked',
    async (_how, loginUrl) => {
      const { auth, site } = stage();
      const person = stage().person();
      const { username, password } = person;
      const name = await stage().credential({ username, password });
      const settings = { login_url: loginUrl(), allowed_domains: [site.ssoHost], credential: { name } };
      const view = await askedBy(stage(), await stage().connect('sso', settings));
      expect(view.fields?.map(({ ref, reason }) => [ref, reason])).toEqual([
        ['username', 'missing'],
        ['password', 'missing'],
      ]);
      expect(view.fields?.[0]?.hint).toContain('stored for another host');
      expect(seenOf(stage(), 'sso', person)).toEqual([]);
      await auth.cancel(view.id);
    },
    120_000,
  );
});

describe('A site that says no', () => {
  // The longest first: the others fit beside them.
  it.concurrent('a code that is wrong is asked for again; a stored TOTP secret is tried with two codes at most', async () => {
    const { auth, site } = stage();
    const person = stage().person();
    const connection = await stage().connect('email-code');
    let tries = 0;
    await auth.login(connection.id);
    const { end, questions } = await answerAll(auth, connection.id, {
      ...person,
      code: () => {
        tries += 1;
        return tries === 1 ? '000000' : site.lastCode('email-code', person.username)?.code;
      },
    });
    expect(end.flow_status).toBe('SUCCESS');
    expect(questions.at(-1)?.fields).toMatchObject([{ type: 'code', reason: 'rejected' }]);
    expect(seenOf(stage(), 'email-code', person)).toEqual(['password', 'code!', 'code']);

    const other = stage().person();
    const { username, password } = other;
    const name = await stage().credential({ username, password }, { totp_secret: 'KRSXG5CTMVRXEZLU' });
    const wrongSecret = await stage().connect('totp', { credential: { name } });
    await auth.login(wrongSecret.id);
    const stop = await auth.until(
      wrongSecret.id,
      'a person is asked or the flow has ended',
      ({ flow_status, interaction_id }) => flow_status !== 'IN_PROGRESS' || interaction_id !== null,
      80_000,
    );
    const codes = seenOf(stage(), 'totp', other).filter((step) => step.startsWith('code'));
    expect(codes.length).toBeLessThanOrEqual(2);
    expect(codes.length).toBeGreaterThanOrEqual(1);
    if (stop.flow_status === 'IN_PROGRESS') await auth.cancel(wrongSecret.id);
    else expect(stop.error_code).toBe('totp_code_rejected');
  }, 150_000);

  it.concurrent('a lock that cannot be told from a wrong password ends the flow after some rejections', async () => {
    const { auth } = stage();
    const person = { ...stage().person(), password: 'immer falsch' };
    const connection = await stage().connect('lockout');
    await auth.login(connection.id);
    const { end, questions } = await answerAll(auth, connection.id, person);
    expect(end.flow_status).toBe('FAILED');
    expect(['credentials_invalid', 'max_attempts_reached']).toContain(end.error_code);
    expect(seenOf(stage(), 'lockout', person)).toEqual(questions.map(() => 'password!'));
  }, 120_000);

  const refusing = sizedCases(
    ['identifier-first', 'spa-blank', 'shadow-dom'],
    ['combined', 'combined-german', 'email-code', 'sms-list', 'session-storage', 'attempts'],
  );
  it.concurrent.each(refusing)(
    '%s: a wrong password is asked for again with the complaint, and typed once',
    async (scenario) => {
      const { auth } = stage();
      const person = stage().person();
      const connection = await stage().connect(scenario);
      let view = await askedBy(stage(), connection);
      const wrong = { ...person, password: 'ganz falsch' };
      if (!view.fields?.some(({ ref }) => ref === 'password')) {
        await auth.submit(connection.id, bodyFor(view, wrong));
        view = await auth.asked(connection.id, view.interaction_id);
      }
      await auth.submit(connection.id, bodyFor(view, wrong));
      const again = await auth.asked(connection.id, view.interaction_id);
      expect(again.website_error).toMatch(/\S/);
      expect(again.website_error).not.toMatch(/Remember me|Newsletter|cookies/i);
      expect(again.fields?.find(({ ref }) => ref === 'password')).toMatchObject({ reason: 'rejected' });
      expect(seenOf(stage(), scenario, person).filter((step) => step.startsWith('password'))).toEqual([
        'password!',
      ]);
      await auth.submit(connection.id, bodyFor(again, person));
      const code = () => stage().site.lastCode(scenario, person.username)?.code;
      const { end } = await answerAll(auth, connection.id, { ...person, code });
      expect(end.flow_status).toBe('SUCCESS');
      expect(seenOf(stage(), scenario, person).filter((step) => step.startsWith('password'))).toEqual([
        'password!',
        'password',
      ]);
    },
    120_000,
  );

  it.concurrent('attempts that are counted stop every automatic try', async () => {
    const { auth } = stage();
    const { username, password } = stage().person();
    const name = await stage().credential({ username, password: 'gespeichert, aber falsch' });
    const connection = await stage().connect('attempts', { credential: { name } });
    const view = await askedBy(stage(), connection);
    expect(view.website_error).toContain('2 more attempts remaining');
    expect(seenOf(stage(), 'attempts', { username, password })).toEqual(['password!']);
    await auth.submit(connection.id, bodyFor(view, { username, password }));
    expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
    expect(seenOf(stage(), 'attempts', { username, password })).toEqual(['password!', 'password']);
  }, 120_000);

  it.concurrent('what a site says of a typed name comes back without the name', async () => {
    const { auth } = stage();
    const connection = await stage().connect('mirror');
    const view = await askedBy(stage(), connection);
    const stranger = { username: 'niemand-hier@example.com', password: 'egal egal egal' };
    await auth.submit(connection.id, bodyFor(view, stranger));
    const again = await auth.asked(connection.id, view.interaction_id);
    expect(again.website_error).toMatch(/Unknown user/);
    expect(JSON.stringify(again)).not.toMatch(/niemand-hier|egal egal/);
    await auth.cancel(connection.id);
  }, 120_000);

  it.concurrent('a person who asks for another way gets it, and the code that they give counts', async () => {
    const { auth } = stage();
    const person = stage().person();
    const connection = await stage().connect('push');
    const view = await askedBy(stage(), connection);
    await auth.submit(connection.id, bodyFor(view, person));
    const waiting = await auth.until(
      connection.id,
      'the site waits for the phone',
      ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION',
    );
    const other = waiting.choices?.find(({ label }) => /another way/i.test(label));
    const body = { interaction_id: waiting.interaction_id ?? '', selected_choice_id: other?.id ?? '' };
    expect((await auth.submit(connection.id, body)).status).toBe(202);
    const code = await auth.until(connection.id, 'a code is asked for', ({ fields }) => fields?.length === 1);
    await auth.submit(connection.id, bodyFor(code, { ...person, code: () => appCode() }));
    expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
    expect(seenOf(stage(), 'push', person)).toEqual(['password', 'code']);
  }, 120_000);

  it('and none of it edits a profile, fills a honeypot, searches or subscribes', () => {
    expect(stage().site.damage()).toEqual([]);
  });
});
