import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { describeView } from '../../support/auth-client.ts';
import { seenOf } from '../../support/auth-matrix.ts';
import { answerAll, type Person } from '../../support/auth-person.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { itInFull, sizedCases } from '../../support/full-size.ts';
import { poll } from '../../support/poll.ts';

const stage = useAuthStage();

async function loggedIn(
  scenario: string,
  person: Person,
  settings: Record<string, unknown> = {},
): Promise<ManagedAuth> {
  const { auth } = stage();
  const connection = await stage().connect(scenario, settings);
  await auth.login(connection.id);
  const { end } = await answerAll(auth, connection.id, person);
  expect(end).toMatchObject({ flow_status: 'SUCCESS', status: 'AUTHENTICATED' });
  return end;
}

/** Asks for a check and waits until it, and a re-auth that it led to, are done. */
async function check(id: string): Promise<ManagedAuth> {
  const { auth } = stage();
  const asked = new Date().toISOString();
  const answer = await auth.http.post(`/auth/connections/${id}/check`);
  expect(answer.status).toBe(202);
  return poll(
    async () => {
      const view = await auth.get(id);
      return (view.last_auth_check_at ?? '') >= asked && view.flow_status !== 'IN_PROGRESS' && view;
    },
    { what: 'the check is done', timeoutMs: 60_000, everyMs: 200 },
  );
}

/** Checks until the connection has logged in again by itself, after the flow of its last login. */
async function loggedInAgain(id: string, lastFlow: string | null, timeoutMs: number): Promise<ManagedAuth> {
  const after = await poll(
    async () => {
      const view = await check(id);
      return view.flow_id !== lastFlow && view;
    },
    { what: 'the connection has logged in again', timeoutMs },
  );
  expect(after).toMatchObject({ flow_type: 'REAUTH', flow_status: 'SUCCESS', status: 'AUTHENTICATED' });
  return after;
}

const stored = async ({ username, password }: Person, more = {}) => ({
  credential: { name: await stage().credential({ username, password }, more) },
});

describe('A connection is kept logged in', () => {
  // The longest first: the others fit beside them.
  itInFull.concurrent(
    'with a TOTP secret the code of the re-auth is typed by itself too',
    async () => {
      const { site } = stage();
      const person = stage().person();
      const settings = await stored(person, { totp_secret: 'JBSWY3DPEHPK3PXP' });
      const { id, flow_id } = await loggedIn('totp', person, settings);
      site.expireSessions('totp');
      await loggedInAgain(id, flow_id, 90_000);
      expect(seenOf(stage(), 'totp', person)).toEqual(['password', 'code', 'password', 'code']);
    },
    150_000,
  );

  itInFull.concurrent(
    'a stored password that has become wrong is not tried for ever',
    async () => {
      const { auth, site } = stage();
      const person = stage().person();
      const settings = await stored(person);
      const { id } = await loggedIn('expiring', person, settings);
      await auth.http.request('PATCH', `/credentials/${settings.credential.name}`, {
        body: { values: { password: 'inzwischen falsch' } },
      });
      site.expireSessions('expiring', person.username);
      let last: ManagedAuth | undefined;
      const wrong = () => seenOf(stage(), 'expiring', person).filter((step) => step === 'password!').length;
      const tired = await poll(
        async () => {
          last = await check(id);
          return last.status === 'NEEDS_AUTH' && last.can_reauth === false && last;
        },
        {
          what: 'the connection gives up',
          timeoutMs: 100_000,
          everyMs: 1_500,
          explain: () => `${wrong()} wrong; ${last?.can_reauth_reason} ${describeView(last)}`,
        },
      );
      expect(wrong()).toBeGreaterThanOrEqual(1);
      expect(wrong()).toBeLessThanOrEqual(4);
      const tries = wrong();
      const again = await check(id);
      expect([again.flow_id, wrong()]).toEqual([tired.flow_id, tries]);
      await auth.login(id);
      const view = await auth.asked(id);
      expect(view.flow_type).toBe('LOGIN');
      const { end } = await answerAll(auth, id, person);
      expect(end).toMatchObject({ status: 'AUTHENTICATED', can_reauth: true });
    },
    200_000,
  );

  it.concurrent('a check of a session that lives says AUTHENTICATED and types nothing', async () => {
    const person = stage().person();
    const { id } = await loggedIn('combined', person);
    expect((await check(id)).status).toBe('AUTHENTICATED');
    expect(seenOf(stage(), 'combined', person)).toEqual(['password']);
  }, 120_000);

  it.concurrent('a session that ended is logged in again with the stored credential, by itself, once', async () => {
    const { auth, site } = stage();
    const person = stage().person();
    const { id, flow_id } = await loggedIn('expiring', person, await stored(person));
    expect(await auth.get(id)).toMatchObject({ can_reauth: true, can_reauth_reason: 'has_credential' });
    site.expireSessions('expiring', person.username);
    const after = await loggedInAgain(id, flow_id, 60_000);
    expect(seenOf(stage(), 'expiring', person)).toEqual(['password', 'password']);
    const [reauth] = await auth.timeline(id, { type: 'reauth' });
    expect(reauth).toMatchObject({ type: 'reauth', status: 'SUCCESS', flow_id: after.flow_id });
  }, 120_000);

  itInFull.concurrent(
    'a choice that a person made is made again by the re-auth',
    async () => {
      const { site } = stage();
      const person = stage().person();
      const { id, flow_id } = await loggedIn('account-picker', person, await stored(person));
      site.expireSessions('account-picker');
      await loggedInAgain(id, flow_id, 90_000);
      expect(seenOf(stage(), 'account-picker', person)).toEqual(['password', 'choice', 'password', 'choice']);
    },
    150_000,
  );

  const reasons = sizedCases<[string, string, Record<string, unknown>, string]>(
    [['there is no credential', 'expiring', { save_credentials: false }, 'no_credential']],
    [
      ['a code comes by e-mail', 'email-code', {}, 'requires_email_code'],
      ['a phone has to approve', 'push', {}, 'requires_external_action'],
    ],
  );
  it.concurrent.each(reasons)(
    'where %s it says why it cannot, and NEEDS_AUTH',
    async (_why, scenario, settings, reason) => {
      const { auth, site } = stage();
      const person = {
        ...stage().person(),
        code: () => site.lastCode(scenario)?.code,
        elsewhere: () => site.approvePush(),
      };
      const { id } = await loggedIn(scenario, person, settings);
      expect(await auth.get(id)).toMatchObject({ can_reauth: false, can_reauth_reason: reason });
      const before = seenOf(stage(), scenario, person);
      site.expireSessions(scenario, person.username);
      const after = await check(id);
      expect(after).toMatchObject({ status: 'NEEDS_AUTH', flow_type: 'LOGIN' });
      expect(seenOf(stage(), scenario, person)).toEqual(before);
      const [event] = await auth.timeline(id, { type: 'health_check' });
      expect(event).toMatchObject({ status: 'NEEDS_AUTH', previous_status: 'AUTHENTICATED' });
    },
    120_000,
  );

  it.concurrent('auto_reauth=false is respected: NEEDS_AUTH and no attempt', async () => {
    const person = stage().person();
    const { id, flow_id } = await loggedIn('expiring', person, {
      ...(await stored(person)),
      auto_reauth: false,
    });
    stage().site.expireSessions('expiring', person.username);
    expect(await check(id)).toMatchObject({ status: 'NEEDS_AUTH', flow_id });
    expect(seenOf(stage(), 'expiring', person)).toEqual(['password']);
  }, 120_000);

  it.concurrent('two connections of one profile, saved at once, keep both logins', async () => {
    const { auth, site } = stage();
    const person = stage().person();
    const profile_name = 'shared';
    const own = await stage().connect('combined', { profile_name });
    const other = await auth.create({
      domain: site.ssoHost,
      profile_name,
      login_url: `${site.ssoOrigin}/login`,
    });
    await Promise.all(
      [own, other].map(async ({ id }) => {
        await auth.login(id);
        expect((await answerAll(auth, id, person)).end.flow_status).toBe('SUCCESS');
      }),
    );
    for (const { id } of [own, other]) expect((await check(id)).status).toBe('AUTHENTICATED');
  }, 120_000);

  it('a site that cannot be read is no reason for NEEDS_AUTH', async () => {
    const person = stage().person();
    const { id } = await loggedIn('combined', person);
    await stage().site[Symbol.asyncDispose]();
    const after = await check(id);
    expect(after.status).toBe('AUTHENTICATED');
    const [event] = await stage().auth.timeline(id, { type: 'health_check' });
    expect(event?.status ?? 'AUTHENTICATED').toBe('AUTHENTICATED');
  }, 120_000);
});
