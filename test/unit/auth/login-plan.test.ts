import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CredentialFacts, LearntStep } from '../../../src/contract/index.ts';
import { initialFlowState } from '../../../src/core/auth/flow-state.ts';
import { type PlanInput, planFor } from '../../../src/core/auth/login-plan.ts';
import { aChoice, aField, aForm } from '../../support/scripted-browser.ts';

const { memory: FRESH } = initialFlowState({ flowId: 'f', type: 'LOGIN', expiresAt: '', hostedUrl: null });
const ALL: CredentialFacts = { source: 'store', keys: ['username', 'password'], hasTotpSecret: true };
const NONE: CredentialFacts = { source: 'none', keys: [], hasTotpSecret: false };

function plan(input: Partial<PlanInput> = {}) {
  return planFor({
    type: 'LOGIN',
    page: aForm(['username', 'password']),
    memory: { ...FRESH, typed: {}, chosen: [] },
    facts: { credential: ALL },
    rejected: false,
    ...input,
  });
}

describe('the plan for a page', () => {
  it('acts where the credential has everything, and asks for everything where it has nothing', () => {
    expect(plan()).toMatchObject({ kind: 'act', act: { submit: true } });
    const asked = plan({ facts: { credential: NONE } });
    expect(asked.kind === 'ask' && asked.asked.map(({ ref }) => ref)).toEqual(['username', 'password']);
  });

  it('types a stored value once, and in a re-auth once more', () => {
    const typed = { memory: { ...FRESH, typed: { password: 1 }, chosen: [] } };
    expect(plan(typed).kind).toBe('ask');
    expect(plan({ ...typed, type: 'REAUTH' }).kind).toBe('act');
    const twice = { memory: { ...FRESH, typed: { password: 2 }, chosen: [] } };
    expect(plan({ ...twice, type: 'REAUTH' })).toEqual({ kind: 'fail', code: 'customer_input_required' });
  });

  it('types nothing stored into a form that has just refused it', () => {
    expect(plan({ rejected: true })).toMatchObject({ kind: 'ask', known: [] });
    expect(plan({ rejected: true, type: 'REAUTH' })).toEqual({ kind: 'fail', code: 'credentials_invalid' });
  });

  it('tries nothing automatically once the site counts what remains', () => {
    const memory = { ...FRESH, countsAttempts: true };
    expect(plan({ memory })).toMatchObject({ kind: 'ask', known: [] });
    expect(plan({ memory, type: 'REAUTH' }).kind).toBe('fail');
  });

  it('makes a code of the TOTP secret, twice at most', () => {
    const page = aForm([aField('code', { type: 'totp_code' })]);
    expect(plan({ page })).toMatchObject({ kind: 'act', act: { fill: [{ from: { kind: 'totp' } }] } });
    expect(plan({ page, rejected: true, memory: { ...FRESH, totpTries: 1 } }).kind).toBe('act');
    const spent = { page, rejected: true, memory: { ...FRESH, totpTries: 2 } };
    expect(plan(spent).kind).toBe('ask');
    expect(plan({ ...spent, type: 'REAUTH' })).toEqual({ kind: 'fail', code: 'totp_code_rejected' });
  });

  it('never takes a code by SMS for one of an app', () => {
    const page = aForm([aField('code', { mfaType: 'sms' })]);
    expect(plan({ page }).kind).toBe('ask');
    expect(plan({ page, type: 'REAUTH' })).toEqual({ kind: 'fail', code: 'sms_code_required' });
  });

  it('chooses the authenticator app where there is a secret for it', () => {
    const choices = [
      aChoice('sms', { type: 'mfa_method', mfaType: 'sms' }),
      aChoice('app', { type: 'mfa_method', mfaType: 'totp' }),
    ];
    expect(plan({ page: aForm([], { choices }) })).toMatchObject({ kind: 'act', act: { choiceId: 'app' } });
    expect(plan({ page: aForm([], { choices }), facts: { credential: NONE } }).kind).toBe('ask');
  });

  it('types a credential of the site on no provider’s page, and one of a provider nowhere else', () => {
    const google = aForm(['username', 'password'], { ssoProvider: 'google' });
    expect(plan({ page: google }).kind).toBe('ask');
    expect(plan({ page: google, facts: { credential: ALL, ssoProvider: 'Google' } }).kind).toBe('act');
    expect(plan({ facts: { credential: ALL, ssoProvider: 'google' } }).kind).toBe('ask');
  });

  it('refills an identifier that a person gave, where they gave it', () => {
    const memory = { ...FRESH, identifier: { secretId: 's' } };
    const page = aForm(['username']);
    expect(plan({ page, memory, facts: { credential: NONE } })).toMatchObject({
      kind: 'act',
      act: { fill: [{ from: { kind: 'submitted', secretId: 's', keep: true } }] },
    });
    const elsewhere = aForm(['username'], { ssoProvider: 'google' });
    expect(plan({ page: elsewhere, memory, facts: { credential: NONE } }).kind).toBe('ask');
  });

  it('never fills a new password by itself', () => {
    const page = aForm([aField('new_password', { type: 'password' })]);
    expect(plan({ page, facts: { credential: { ...ALL, keys: ['new_password'] } } }).kind).toBe('ask');
  });

  it('asks nobody in a re-auth, whatever the page is', () => {
    const field = fc
      .constantFrom('username', 'password', 'code', 'pin', 'new_password')
      .map((ref) => aField(ref));
    fc.assert(
      fc.property(
        fc.uniqueArray(field, { maxLength: 4, selector: ({ ref }) => ref }),
        fc.boolean(),
        fc.boolean(),
        (fields, rejected, countsAttempts) => {
          const made = plan({
            type: 'REAUTH',
            page: aForm(fields),
            rejected,
            memory: { ...FRESH, countsAttempts },
            facts: { credential: NONE },
          });
          expect(made.kind).not.toBe('ask');
        },
      ),
    );
  });
});

describe('the plan of a re-auth that knows the way', () => {
  const page = aForm(['username', 'password', aField('company', { required: false })], {
    choices: [aChoice('app', { type: 'mfa_method', mfaType: 'totp', label: 'App' })],
  });
  const stored = { ...ALL, keys: ['username', 'password', 'company'] };
  const knowing = (step: Partial<LearntStep>, more: Partial<PlanInput> = {}) => {
    const steps = [{ fingerprint: page.fingerprint, url: page.url, refs: [], ...step }];
    const learnt = { proof: { urls: [], postLoginUrl: '' }, needs: [], steps };
    return plan({ type: 'REAUTH', page, facts: { credential: stored, learnt }, ...more });
  };
  const filled = (made: ReturnType<typeof plan>) =>
    made.kind === 'act' ? made.act.fill.map(({ ref }) => ref) : made.kind;

  it('fills what was filled the last time, and nothing beside it', () => {
    expect(filled(knowing({ refs: ['username', 'password'] }))).toEqual(['username', 'password']);
    expect(filled(plan({ type: 'REAUTH', page, facts: { credential: stored } }))).toHaveLength(3);
  });

  it('takes the choice that was taken the last time', () => {
    expect(knowing({ choice: 'App' })).toMatchObject({
      kind: 'act',
      act: { choiceId: 'app', submit: false },
    });
  });

  it.each([
    ['the page is another one', { fingerprint: 'other', refs: ['username'] }, {}],
    ['the choice is gone', { choice: 'Text message' }, {}],
    [
      'it has not got what was filled',
      { refs: ['username', 'company', 'password'] },
      { keys: ['username', 'password'] },
    ],
  ])('goes by the looks of the page where %s', (_why, step, credential) => {
    const facts = { credential: { ...stored, ...credential } };
    const learnt = { proof: { urls: [], postLoginUrl: '' }, needs: [] };
    const steps = [{ fingerprint: page.fingerprint, url: page.url, refs: [], ...step }];
    const made = plan({ type: 'REAUTH', page, facts: { ...facts, learnt: { ...learnt, steps } } });
    expect(made).toEqual(plan({ type: 'REAUTH', page, facts }));
    expect(made.kind).toBe('act');
  });

  it('does not do again what the site has just refused, and nothing by itself in a login of a person', () => {
    expect(knowing({ refs: ['username', 'password'] }, { rejected: true }).kind).toBe('fail');
    expect(filled(knowing({ refs: ['username'] }, { type: 'LOGIN' }))).toHaveLength(3);
  });
});
