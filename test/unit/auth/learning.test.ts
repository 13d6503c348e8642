import { describe, expect, it } from '@jest/globals';
import { initialFlowState } from '../../../src/core/auth/flow-state.ts';
import { learn, learntOf } from '../../../src/core/auth/learning.ts';
import type { PlannedAct } from '../../../src/core/auth/planned-act.ts';
import type { AnswerablePage } from '../../../src/core/auth/question.ts';
import { aChoice, aField, aForm } from '../../support/scripted-browser.ts';

const PROOF = { urls: ['https://site.example/'], postLoginUrl: 'https://site.example/home' };

/** What is learnt of answers to pages, one after the other. */
function learntFrom(...answers: [page: AnswerablePage, act: Partial<PlannedAct>][]) {
  const { memory } = initialFlowState({ flowId: 'f', type: 'LOGIN', expiresAt: '', hostedUrl: null });
  for (const [page, act] of answers) {
    learn(memory, page, { fingerprint: page.fingerprint, fill: [], submit: true, ...act });
  }
  return learntOf(memory, PROOF);
}

const submitted = (ref: string) => ({
  fieldId: `fld_${ref}`,
  ref,
  from: { kind: 'submitted' as const, secretId: 's', keep: false },
});

describe('the needs of a login', () => {
  it('are what was filled, without a new password, which is asked for once', () => {
    const page = aForm(['password', aField('new_password', { type: 'password' }), 'company']);
    const { needs } = learntFrom([page, { fill: [submitted('password'), submitted('new_password')] }]);
    expect(needs).toEqual([{ kind: 'value', ref: 'password' }]);
  });

  it('tell a typed code of unnamed origin from one of the stored secret', () => {
    const page = aForm(['code']);
    expect(learntFrom([page, { fill: [submitted('code')] }]).needs).toEqual([
      { kind: 'code', channel: 'other' },
    ]);
    const made = { fieldId: 'fld_code', ref: 'code', from: { kind: 'totp' as const } };
    expect(learntFrom([page, { fill: [made] }]).needs).toEqual([{ kind: 'totp' }]);
  });

  it('name each once, however often the site asked', () => {
    const page = aForm(['password']);
    const answer = { fill: [submitted('password')] };
    expect(learntFrom([page, answer], [page, answer]).needs).toHaveLength(1);
  });
});

describe('the steps of a login', () => {
  const login = aForm(['username', 'password']);
  const methods = aForm([], {
    fingerprint: 'methods',
    choices: [aChoice('app', { label: 'Authenticator app' })],
    url: 'https://site.example/second',
  });

  it('are its pages in order, with what was filled or chosen there, and no value', () => {
    const fill = [submitted('username'), submitted('password')];
    const { steps } = learntFrom([login, { fill }], [methods, { choiceId: 'app', submit: false }]);
    expect(steps).toEqual([
      { fingerprint: login.fingerprint, url: 'https://site.example/login', refs: ['username', 'password'] },
      { fingerprint: 'methods', url: 'https://site.example/second', refs: [], choice: 'Authenticator app' },
    ]);
  });

  it('keep of a page that came back what was done last, in its old place', () => {
    const fill = [submitted('username')];
    const { steps } = learntFrom(
      [login, { choiceId: 'none' }],
      [methods, { choiceId: 'app' }],
      [login, { fill }],
    );
    expect(steps?.map(({ fingerprint, refs }) => [fingerprint, refs])).toEqual([
      [login.fingerprint, ['username']],
      ['methods', []],
    ]);
  });
});
