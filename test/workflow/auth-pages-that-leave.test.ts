import { describe, expect, it } from '@jest/globals';
import type { FlowView, PageView } from '../../src/contract/index.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { aChoice, aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const ADA = { username: 'ada', password: 'pw' };
const SSO = aChoice('sso', { type: 'sso_provider', label: 'Sign in with Contoso', provider: 'contoso' });
const LOGIN = aForm(['username', 'password'], { choices: [SSO] });
const IDP = aForm(['username', 'password'], {
  fingerprint: 'idp',
  choices: [aChoice('cancel', { type: 'sign_in_method', label: 'Cancel' })],
  ssoProvider: 'contoso',
});
const NOTHING: PageView = {
  kind: 'blocked',
  code: 'login_form_not_found',
  url: 'https://site.example/expired',
};

const choose = (rig: AuthRig, flowId: string, interactionId: string | null, value: string) =>
  rig.gateway.submit(flowId, {
    ...(interactionId !== null && { interactionId }),
    answer: { mode: 'choice', by: 'id', value },
    updateId: `choose-${value}-${interactionId}`,
    by: { tokenId: 't', name: 't' },
    via: 'test',
  });

describe('signing in with a provider', () => {
  it.each(['its window does not come', 'its window is closed by the person'])(
    'that is not finished, since %s, is said, and the form counts as not refused',
    async (how) => {
      const rig = await rigOf({
        open: () => LOGIN,
        act: (typed, { choiceId }) => {
          if (typed['password'] !== undefined) return LOGGED_IN;
          return choiceId === 'sso' && how.includes('person') ? IDP : LOGIN;
        },
      });
      const flowId = await rig.login(await rig.connect());
      let view = await rig.awaitInput(flowId);
      await choose(rig, flowId, view.interaction_id, 'sso');
      view = await rig.awaitInput(flowId, view);
      if (how.includes('person')) {
        await choose(rig, flowId, view.interaction_id, 'cancel');
        view = await rig.awaitInput(flowId, view);
      }
      expect(view.fields?.map(({ ref, reason }) => [ref, reason])).toEqual([
        ['username', 'missing'],
        ['password', 'missing'],
      ]);
      expect(view.fields?.[0]?.hint).toMatch(/was not finished.*“Sign in with Contoso”/);
      await rig.answer(flowId, view, ADA);
      await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    },
  );
});

describe('a page that goes away while a person thinks', () => {
  it('is opened anew from the beginning where nothing is asked any more, and the person is told', async () => {
    let acts = 0;
    const rig = await rigOf({
      open: () => LOGIN,
      act: () => {
        acts += 1;
        return acts === 1 ? { outcome: 'not_sent', page: NOTHING } : LOGGED_IN;
      },
    });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, ADA);
    const second = await rig.awaitInput(flowId, first);
    expect(rig.workers[0]?.browser.opened).toHaveLength(2);
    expect(second.fields?.[0]?.hint).toMatch(/did not keep the login open/);
    // The user name is known, and filled in again.
    await rig.answer(flowId, second, { password: 'pw' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await rig.replay('auth-page-left')).toBe(2);
  });

  it('ends the login where it goes away each time', async () => {
    const rig = await rigOf({ open: () => LOGIN, act: () => ({ outcome: 'not_sent', page: NOTHING }) });
    const flowId = await rig.login(await rig.connect());
    for (let asked = 0, view: FlowView | undefined; asked < 4; asked += 1) {
      view = await rig.awaitInput(flowId, view);
      await rig.answer(flowId, view, asked === 0 ? ADA : { password: 'pw' });
    }
    const { error_code } = await rig.until(flowId, ({ flow_status }) => flow_status === 'FAILED');
    expect(error_code).toBe('navigation_confused');
  });

  it('for another form has that one asked instead, and nothing is typed into it unasked', async () => {
    const other = aForm(['code'], { fingerprint: 'other' });
    const rig = await rigOf({
      open: () => LOGIN,
      act: (_typed, { fingerprint }) =>
        fingerprint === 'other' ? LOGGED_IN : { outcome: 'not_sent', page: other },
    });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, ADA);
    const second = await rig.awaitInput(flowId, first);
    expect(second.fields?.map(({ ref, reason }) => [ref, reason])).toEqual([['code', 'missing']]);
    expect(second.fields?.[0]?.hint).toMatch(/could not be entered/);
  });
});
