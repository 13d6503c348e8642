import { describe, expect, it } from '@jest/globals';
import { legacyBodyFor, type Person } from '../../support/auth-person.ts';
import { createSdk, followAll, type Sdk, type State, steps } from '../../support/auth-sdk.ts';
import { appCode, useAuthStage } from '../../support/auth-stage.ts';
import { itInFull } from '../../support/full-size.ts';

const stage = useAuthStage();

/** Answers each new form by name, as programs written for 0.84 do. */
function answering(sdk: Sdk, id: string, person: Person, seen: State[] = []) {
  return async (state: State) => {
    if (state.flow_step !== 'AWAITING_INPUT') return;
    seen.push(state);
    const { fields } = legacyBodyFor({ ...state, id } as never, person);
    expect(await sdk.client.auth.connections.submit(id, { fields })).toEqual({ accepted: true });
  };
}

describe('@onkernel/sdk 0.84 logs in', () => {
  it.concurrent('by login, follow and legacy fields: the state comes first, success ends the loop, the connection is AUTHENTICATED', async () => {
    const sdk = createSdk(stage());
    const person = stage().person();
    const connection = await stage().connect('combined');
    const login = await sdk.client.auth.connections.login(connection.id);
    expect(login).toMatchObject({
      id: connection.id,
      flow_type: 'LOGIN',
      hosted_url: expect.stringContaining('?code='),
      handoff_code: expect.stringMatching(/^.{30,}$/),
    });
    expect(login.hosted_url).toContain(encodeURIComponent(login.handoff_code ?? '-'));
    expect(Date.parse(login.flow_expires_at)).toBeGreaterThan(Date.now() + 60_000);

    const kinds: string[] = [];
    for await (const event of await sdk.client.auth.connections.follow(connection.id)) {
      kinds.push(event.event);
      break;
    }
    expect(kinds).toEqual(['managed_auth_state']);

    const states = await followAll(sdk, connection.id, answering(sdk, connection.id, person));
    expect(states.at(-1)).toMatchObject({ flow_status: 'SUCCESS', flow_step: 'COMPLETED' });
    expect(steps(states)).toContain('IN_PROGRESS/SUBMITTING');
    const after = await sdk.client.auth.connections.retrieve(connection.id);
    expect(after).toMatchObject({ status: 'AUTHENTICATED', flow_status: 'SUCCESS' });
    expect(after.post_login_url).toBe(stage().site.homeUrl('combined'));
    const mine = stage()
      .site.attempts('combined')
      .filter(({ user }) => user === person.username);
    expect(mine.map(({ step, correct }) => [step, correct])).toEqual([['password', true]]);
  });

  it.concurrent('asks only for what a partial credential does not have', async () => {
    const sdk = createSdk(stage());
    const { username, password } = stage().person();
    const name = await stage().credential({ username });
    const connection = await stage().connect('combined', { credential: { name } });
    await sdk.client.auth.connections.login(connection.id);
    const states = await followAll(sdk, connection.id, async (state) => {
      if (state.flow_step !== 'AWAITING_INPUT') return;
      expect(state.discovered_fields).toMatchObject([{ type: 'password' }]);
      expect(state.fields).toMatchObject([{ type: 'password', ref: 'password' }]);
      const key = state.discovered_fields?.[0]?.name ?? '';
      await sdk.client.auth.connections.submit(connection.id, { fields: { [key]: password } });
    });
    expect(states.at(-1)?.flow_status).toBe('SUCCESS');
    const mine = stage()
      .site.attempts('combined')
      .filter(({ user }) => user === username);
    expect(mine).toHaveLength(1);
  });

  itInFull.concurrent(
    'comes back to AWAITING_INPUT with the complaint of the site after a wrong password',
    async () => {
      const sdk = createSdk(stage());
      const person = stage().person();
      const connection = await stage().connect('combined');
      await sdk.client.auth.connections.login(connection.id);
      const forms: State[] = [];
      const states = await followAll(sdk, connection.id, async (state) => {
        const isFirst = forms.length === 0;
        const password = isFirst ? 'falsch!' : person.password;
        await answering(sdk, connection.id, { ...person, password }, forms)(state);
      });
      expect(forms).toHaveLength(2);
      expect(forms[0]?.website_error ?? null).toBeNull();
      expect(forms[1]?.website_error).toContain('Invalid e-mail address or password');
      expect(forms[1]?.interaction_id).not.toBe(forms[0]?.interaction_id);
      expect(states.at(-1)).toMatchObject({ flow_status: 'SUCCESS', website_error: null });
    },
  );

  it.concurrent('types the code of a stored TOTP secret without asking anybody', async () => {
    const sdk = createSdk(stage());
    const { username, password } = stage().person();
    const credential = await sdk.client.credentials.create({
      name: 'with-totp',
      domain: stage().site.host,
      values: { username, password },
      totp_secret: 'jbsw y3dp ehpk 3pxp',
    });
    expect(credential).toMatchObject({ has_totp_secret: true, has_values: true });
    const connection = await stage().connect('totp', { credential: { name: 'with-totp' } });
    await sdk.client.auth.connections.login(connection.id);
    const states = await followAll(sdk, connection.id);
    expect(steps(states)).not.toContain('IN_PROGRESS/AWAITING_INPUT');
    expect(states.at(-1)?.flow_status).toBe('SUCCESS');
    const mine = stage()
      .site.attempts('totp')
      .filter(({ user }) => user === username);
    expect(mine.map(({ step }) => step)).toEqual(['password', 'code']);
  }, 120_000);

  it.concurrent('chooses how to get a code by mfa_option_id; of two numbers the first is taken', async () => {
    const sdk = createSdk(stage());
    const person = stage().person();
    const { site } = stage();
    const connection = await stage().connect('sms-list');
    await sdk.client.auth.connections.login(connection.id);
    let chosen = false;
    const states = await followAll(sdk, connection.id, async (state) => {
      if (state.flow_step !== 'AWAITING_INPUT') return;
      const { mfa_options, choices } = state;
      if (!mfa_options?.length || chosen) {
        const code = () => site.lastCode('sms-list')?.code;
        await answering(sdk, connection.id, { ...person, code })(state);
        return;
      }
      expect(mfa_options.map(({ type }) => type)).toEqual(['sms', 'sms', 'totp']);
      expect(mfa_options.slice(0, 2).map(({ target }) => target)).toEqual([
        expect.stringContaining('12'),
        expect.stringContaining('98'),
      ]);
      expect(new Set(choices?.map(({ id }) => id)).size).toBe(3);
      chosen = true;
      await sdk.client.auth.connections.submit(connection.id, { mfa_option_id: 'sms' });
    });
    expect(states.at(-1)?.flow_status).toBe('SUCCESS');
    expect(site.lastCode('sms-list')?.to).toMatch(/12$/);
  }, 120_000);

  it.concurrent('goes on by itself once the sign-in was approved elsewhere', async () => {
    const sdk = createSdk(stage());
    const person = stage().person();
    const connection = await stage().connect('push');
    await sdk.client.auth.connections.login(connection.id);
    let approved = 0;
    const states = await followAll(sdk, connection.id, async (state) => {
      if (state.flow_step === 'AWAITING_EXTERNAL_ACTION') {
        expect(state.external_action_message).toMatch(/phone/i);
        approved += stage().site.approvePush();
      } else await answering(sdk, connection.id, person)(state);
    });
    expect(approved).toBe(1);
    expect(states.at(-1)?.flow_status).toBe('SUCCESS');
  }, 120_000);

  it.concurrent('submits canonical fields of an interaction that the types do not know yet', async () => {
    const sdk = createSdk(stage());
    const person = stage().person();
    const connection = await stage().connect('totp', { save_credentials: false });
    await sdk.client.auth.connections.login(connection.id);
    const states = await followAll(sdk, connection.id, async (state) => {
      if (state.flow_step !== 'AWAITING_INPUT') return;
      const values = (state.fields ?? []).map((field): [string, string] => [
        field.id,
        { identifier: person.username, password: person.password }[field.type as string] ?? appCode(),
      ]);
      await sdk.client.auth.connections.submit(connection.id, { field_values: Object.fromEntries(values) });
    });
    expect(states.at(-1)?.flow_status).toBe('SUCCESS');
  }, 120_000);
});
