import { describe, expect, it } from '@jest/globals';
import type { PageView } from '../../src/contract/index.ts';
import type { MessageRefused } from '../../src/temporal/turn/turn-gateway.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aChoice, aField, aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

/** User name and password on one page, then a code by SMS. */
function usualSite(more: Partial<ScriptedSite> = {}): ScriptedSite {
  const login = aForm(['username', 'password']);
  const code = aForm(['code']);
  return {
    open: () => login,
    act({ username, password, code: given }, _act, page) {
      if (page.kind === 'form' && page.fingerprint === 'code') {
        return given === '123456' ? LOGGED_IN : { ...code, websiteError: 'Wrong code' };
      }
      return username === 'ada' && password === 'pw' ? code : { ...login, websiteError: 'Wrong password' };
    },
    ...more,
  };
}

describe('a login', () => {
  it('asks page after page, ends with SUCCESS, and the connection is authenticated by then', async () => {
    const rig = await rigOf(usualSite());
    const connectionId = await rig.connect();
    const flowId = await rig.login(connectionId);

    const first = await rig.awaitInput(flowId);
    expect(first.fields?.map(({ ref, reason }) => [ref, reason])).toEqual([
      ['username', 'missing'],
      ['password', 'missing'],
    ]);
    expect(first.discovered_fields?.map(({ name }) => name)).toEqual(['username', 'password']);
    const submitted = await rig.answer(flowId, first, { username: 'ada', password: 'pw' });
    expect(submitted).toMatchObject({ flow_step: 'SUBMITTING', interaction_id: null, fields: null });

    const second = await rig.awaitInput(flowId, submitted);
    expect(second.interaction_id).not.toBe(first.interaction_id);
    await rig.answer(flowId, second, { code: '123456' });
    const end = await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');

    expect(end).toMatchObject({ flow_step: 'COMPLETED', post_login_url: 'https://site.example/home' });
    const connection = await rig.store.auth.connections.get(connectionId);
    expect(connection).toMatchObject({
      status: 'AUTHENTICATED',
      learnt: {
        needs: [
          { kind: 'value', ref: 'username' },
          { kind: 'value', ref: 'password' },
          { kind: 'code', channel: 'other' },
        ],
      },
    });
    expect(await rig.replay('auth-login')).toBe(2);
  });

  it('takes it for no refusal that a code was sent, and tells that and what was consented to', async () => {
    const form = aForm(['username', 'code']);
    const again = aChoice('again', { type: 'other', label: 'Resend code', effect: 'sends_code' });
    const login = { ...form, choices: [again] };
    const rig = await rigOf({
      open: () => ({ ...login, consent: [{ answer: 'reject', label: 'Reject all' }] }),
      act: ({ code }, { choiceId }) => {
        if (choiceId === 'again') return { ...login, codeSent: true };
        return code === '123456' ? LOGGED_IN : login;
      },
    });
    const connectionId = await rig.connect();
    const flowId = await rig.login(connectionId);
    const first = await rig.awaitInput(flowId);
    expect(first.fields?.[0]?.hint).toContain('Reject all');
    await rig.gateway.submit(flowId, {
      answer: { mode: 'choice', by: 'id', value: 'again' },
      updateId: 'again',
      by: { tokenId: 't', name: 't' },
      via: 'test',
    });
    const second = await rig.awaitInput(flowId, first);
    expect(second.fields?.map(({ reason }) => reason)).toEqual(['missing', 'missing']);
    expect(second.remarks).toHaveLength(2);
    expect(second.remarks?.[1]).toContain('send a code');
    await rig.answer(flowId, second, { username: 'ada', code: '123456' });
    const end = await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(end.remarks).toEqual(second.remarks);
    const timeline = await rig.store.auth.timeline.list(connectionId, { limit: 1, offset: 0 });
    expect(timeline.items[0]?.remarks).toEqual(second.remarks);
  });

  it('asks again with the complaint of the site when an answer is refused', async () => {
    const rig = await rigOf(usualSite());
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    const submitted = await rig.answer(flowId, first, { username: 'ada', password: 'no' });
    const again = await rig.awaitInput(flowId, submitted);
    expect(again.website_error).toBe('Wrong password');
    expect(
      again.fields?.every(({ reason, hint }) => reason === 'rejected' && hint === 'Wrong password'),
    ).toBe(true);
  });

  it('B5 says what held an answer back, and speaks of no refusal, as long as the site has heard nothing', async () => {
    const complaint = 'Please tick this box.';
    const box = (more = {}) => aField('terms', { type: 'checkbox', ...more });
    const login = aForm(['username', 'password', box()]);
    const held = aForm(['username', 'password', box({ validationMessage: complaint })], {
      websiteError: complaint,
    });
    let acts = 0;
    const rig = await rigOf({
      open: () => login,
      act({ terms }) {
        acts += 1;
        if (acts === 1)
          return { outcome: 'not_sent', sent: false, reason: 'answer_missing', missing: ['PIN'] };
        return terms === 'true' ? LOGGED_IN : { shows: held, sent: false };
      },
    });
    const connectionId = await rig.connect({ saveCredentials: true });
    const flowId = await rig.login(connectionId);
    const given = { username: 'ada', password: 'pw' };
    const first = await rig.awaitInput(flowId);
    const second = await rig.awaitInput(
      flowId,
      await rig.answer(flowId, first, { ...given, terms: 'false' }),
    );
    expect(second.fields?.map(({ reason }) => reason)).toEqual(['missing', 'missing', 'missing']);
    expect(second.fields?.[0]?.hint).toBe(
      'Nothing was sent, because the site requires more than was answered. Missing: "PIN".',
    );
    const third = await rig.awaitInput(
      flowId,
      await rig.answer(flowId, second, { ...given, terms: 'false' }),
    );
    expect(third).toMatchObject({ website_error: complaint });
    expect(third.fields?.map(({ reason }) => reason)).toEqual(['missing', 'missing', 'missing']);
    expect(third.fields?.[2]).toMatchObject({
      type: 'checkbox',
      validation_message: complaint,
    });
    expect(third.fields?.[0]?.hint).toContain('Nothing was sent');
    await rig.answer(flowId, third, { ...given, terms: 'true' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(rig.kept).toMatchObject([{ ...given, terms: 'true' }]);
    expect(await rig.replay('auth-held-back')).toBe(2);
  });

  it('asks a person for what is stored for another host, without a word of a refusal', async () => {
    const rig = await rigOf(usualSite());
    const values = { username: 'ada', password: 'pw' };
    rig.credential.current = { source: 'store', id: 'c', values, domains: ['shop.example'] };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    const view = await rig.awaitInput(flowId);
    expect(view.fields?.map(({ ref, reason }) => [ref, reason])).toEqual([
      ['username', 'missing'],
      ['password', 'missing'],
    ]);
    expect(view.fields?.[0]?.hint).toContain('stored for another host');
    expect(rig.workers[0]?.browser.acts).toEqual([]);
    await rig.answer(flowId, view, values);
    const code = await rig.awaitInput(flowId, view);
    await rig.answer(flowId, code, { code: '123456' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await rig.replay('auth-other-host')).toBe(2);
  });

  it('fills in what the credential has and asks for the rest only', async () => {
    const rig = await rigOf(usualSite());
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada' } };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    const view = await rig.awaitInput(flowId);
    expect(view.fields?.map(({ ref }) => ref)).toEqual(['password']);
    await rig.answer(flowId, view, { password: 'pw' });
    await rig.awaitInput(flowId, view);
    expect(rig.workers[0]?.browser.acts[0]?.typed).toEqual({ username: 'ada', password: 'pw' });
  });

  it('types a stored password once, and asks a person when the site refuses it', async () => {
    const rig = await rigOf(usualSite());
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada', password: 'old' } };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    const view = await rig.awaitInput(flowId);
    expect(view.website_error).toBe('Wrong password');
    expect(rig.workers[0]?.browser.acts).toHaveLength(1);
  });

  it('succeeds at once where the profile is still logged in', async () => {
    const rig = await rigOf(usualSite({ open: () => LOGGED_IN }));
    const flowId = await rig.login(await rig.connect());
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    await poll(async () => rig.workers[0]?.browser.openContexts() === 0 || undefined, {
      what: 'the browser is closed',
    });
  });

  it('keeps what was typed as a credential, with the new password for the old one', async () => {
    const change = aForm([], {
      fingerprint: 'change',
      fields: aForm(['password']).fields.map((field) => ({ ...field, ref: 'new_password' })),
    });
    const rig = await rigOf({
      open: () => aForm(['username', 'password']),
      act: (_typed, _act, page) =>
        page.kind === 'form' && page.fingerprint === 'change' ? LOGGED_IN : change,
    });
    const flowId = await rig.login(await rig.connect({ saveCredentials: true }));
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, { username: 'ada', password: 'old' });
    const second = await rig.awaitInput(flowId, first);
    await rig.answer(flowId, second, { password: 'new' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(rig.kept).toEqual([{ username: 'ada', password: 'new' }]);
  });
});

describe('an answer', () => {
  it('is taken once: of many at the same time one is accepted and the others are stale', async () => {
    const rig = await rigOf(usualSite());
    const flowId = await rig.login(await rig.connect());
    const view = await rig.awaitInput(flowId);
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => rig.answer(flowId, view, { username: 'ada', password: 'pw' })),
    );
    const refused = answers.flatMap((each) =>
      each.status === 'rejected' ? [each.reason as MessageRefused] : [],
    );
    expect(refused.map(({ code }) => code)).toEqual(['stale_interaction', 'stale_interaction']);
    await rig.awaitInput(flowId, view);
    expect(rig.workers[0]?.browser.acts).toHaveLength(1);
  });

  it('that lacks a field, or names one that is not asked, is refused and can be given again', async () => {
    const rig = await rigOf(usualSite());
    const flowId = await rig.login(await rig.connect());
    const view = await rig.awaitInput(flowId);
    await expect(rig.answer(flowId, view, { username: 'ada' })).rejects.toMatchObject({
      code: 'validation_failed',
      message: '"password" is required.',
    });
    await expect(
      rig.answer(flowId, view, { username: 'ada', password: 'x', pin: '1' }),
    ).rejects.toMatchObject({ message: expect.not.stringContaining('pin') });
    await expect(rig.answer(flowId, view, { username: 'ada', password: 'pw' })).resolves.toBeDefined();
  });

  it('may be a choice, by its id or in the older ways', async () => {
    const choices = [
      aChoice('a', { type: 'mfa_method', mfaType: 'sms', label: 'Text •• 12', maskedDestination: '12' }),
      aChoice('b', { type: 'mfa_method', mfaType: 'sms', label: 'Text •• 98', maskedDestination: '98' }),
    ];
    const rig = await rigOf({
      open: () => aForm([], { choices, fingerprint: 'choices' }),
      act: () => aForm(['code']),
    });
    const flowId = await rig.login(await rig.connect());
    const view = await rig.awaitInput(flowId);
    expect(view.mfa_options?.map(({ type, target }) => [type, target])).toEqual([
      ['sms', '12'],
      ['sms', '98'],
    ]);
    const by = { tokenId: 't', name: 't' };
    await rig.gateway.submit(flowId, {
      answer: { mode: 'choice', by: 'mfa_type', value: 'sms' },
      updateId: 'one',
      by,
      via: 'test',
    });
    await rig.awaitInput(flowId, view);
    expect(rig.workers[0]?.browser.acts[0]?.choiceId).toBe('a');
  });
});

describe('time', () => {
  it('ends a login that nobody answers, and refuses late answers', async () => {
    const rig = await rigOf(usualSite());
    const flowId = await rig.login(await rig.connect(), { inputTimeoutMs: 400 });
    const view = await rig.awaitInput(flowId);
    const end = await rig.until(flowId, ({ flow_status }) => flow_status !== 'IN_PROGRESS');
    expect(end).toMatchObject({ flow_status: 'EXPIRED', error_code: 'awaiting_input_timeout' });
    await expect(rig.answer(flowId, view, { username: 'a', password: 'b' })).rejects.toBeDefined();
    expect(rig.workers[0]?.browser.acts).toEqual([]);
  });

  it('counts for an answer that comes after an outage over the deadline', async () => {
    const rig = await rigOf(usualSite());
    const flowId = await rig.login(await rig.connect(), { flowTimeoutMs: 6_000 });
    const view = await rig.awaitInput(flowId);
    await rig.workers[0]?.stop();
    await rig.until(flowId, () => Date.now() > Date.parse(view.flow_expires_at));
    const late = rig.answer(flowId, view, { username: 'ada', password: 'pw' });
    await rig.addWorker();
    await expect(late).rejects.toMatchObject({ code: 'session_expired' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'EXPIRED');
  });
});

describe('while no worker is there', () => {
  it('an answer and a cancellation are kept by the engine, and taken once when one is back', async () => {
    const rig = await rigOf(usualSite());
    const [answered, canceled] = [await rig.login(await rig.connect()), await rig.login(await rig.connect())];
    const view = await rig.awaitInput(answered);
    await rig.awaitInput(canceled);
    const message = {
      interactionId: view.interaction_id ?? '',
      answer: {
        mode: 'fields' as const,
        by: 'name' as const,
        values: {
          username: await rig.keepSecret(answered, view, 'ada'),
          password: await rig.keepSecret(answered, view, 'pw'),
        },
      },
      updateId: 'while-away',
      by: { tokenId: 't', name: 't' },
      via: 'test',
    };
    await rig.workers[0]?.stop();
    const kept = await Promise.all([
      rig.gateway.submit(answered, message),
      rig.gateway.cancel(canceled, { tokenId: 't', name: 't' }),
    ]);
    expect(kept).toEqual([{ delivery: 'accepted' }, { delivery: 'accepted' }]);

    await rig.addWorker();
    await rig.until(canceled, ({ flow_status }) => flow_status === 'CANCELED');
    // Taken, without being sent again: the page had died with its worker, so that the login begins anew.
    await rig.until(
      answered,
      ({ flow_step, interaction_id }) =>
        flow_step === 'AWAITING_INPUT' && interaction_id !== view.interaction_id,
    );
    expect(await rig.gateway.submit(answered, message)).toMatchObject({ delivery: 'answered' });
  }, 40_000);
});

describe('a second login', () => {
  it('is refused while one goes on, and supersedes one that is past its time', async () => {
    const rig = await rigOf(usualSite());
    const connectionId = await rig.connect();
    const first = await rig.login(connectionId);
    await rig.awaitInput(first);
    await expect(rig.login(connectionId)).rejects.toMatchObject({ code: 'flow_in_progress' });
    await rig.gateway.cancel(first, { tokenId: 't', name: 't' });
    await rig.until(first, ({ flow_status }) => flow_status === 'CANCELED');
    const second = await rig.login(connectionId);
    await rig.awaitInput(second);
  });
});

describe('elsewhere', () => {
  it('goes on by itself when the person has approved on the phone', async () => {
    const approved = Promise.withResolvers<PageView>();
    const rig = await rigOf({
      open: () => ({
        kind: 'external',
        fingerprint: 'push',
        message: 'Approve on your phone',
        fields: [],
        choices: [aChoice('other-way', { type: 'mfa_method', mfaType: 'switch' })],
        url: 'https://site.example/push',
      }),
      act: () => aForm(['code']),
      elsewhere: approved.promise,
    });
    const flowId = await rig.login(await rig.connect());
    const view = await rig.until(flowId, ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION');
    expect(view).toMatchObject({ external_action_message: 'Approve on your phone' });
    expect(view.choices).toHaveLength(1);
    approved.resolve(LOGGED_IN);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await rig.replay('auth-elsewhere')).toBe(2);
  });

  it('takes another way when the person asks for it', async () => {
    const rig = await rigOf({
      open: () => ({
        kind: 'external',
        fingerprint: 'push',
        message: 'Approve on your phone',
        fields: [],
        choices: [aChoice('other-way', { type: 'mfa_method', mfaType: 'switch' })],
        url: 'https://site.example/push',
      }),
      act: () => aForm(['code']),
    });
    const flowId = await rig.login(await rig.connect());
    await rig.until(flowId, ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION');
    await rig.gateway.submit(flowId, {
      answer: { mode: 'choice', by: 'id', value: 'other-way' },
      updateId: 'switch',
      by: { tokenId: 't', name: 't' },
      via: 'test',
    });
    expect((await rig.awaitInput(flowId)).fields?.map(({ ref }) => ref)).toEqual(['code']);
  });
});
