import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../src/contract/index.ts';
import { actOf, answerFault } from '../../../src/core/auth/answers.ts';
import type { Question } from '../../../src/core/auth/question.ts';
import { aChoice, aField, aForm } from '../../support/scripted-browser.ts';

const page = aForm([aField('username', { name: 'login[email]' }), aField('pin', { required: false })], {
  choices: [
    aChoice('g', { type: 'sso_provider', provider: 'google', label: 'Continue with Google' }),
    aChoice('s1', { type: 'mfa_method', mfaType: 'sms', maskedDestination: '12' }),
    aChoice('s2', { type: 'mfa_method', mfaType: 'sms', maskedDestination: '98' }),
    aChoice('acc', { type: 'account' }),
  ],
});
const known = [{ fieldId: 'fld_other', ref: 'other', from: { kind: 'credential' as const, key: 'other' } }];
const question: Question = { interactionId: 'int_1', page, asked: page.fields, known, rejected: false };
const fields = (by: 'name' | 'id', ...keys: string[]): Answer => ({
  mode: 'fields',
  by,
  values: Object.fromEntries(keys.map((key) => [key, { secretId: `sec-${key}` }])),
});

describe('an answer in fields', () => {
  it('is given by name or by id, and fills what is known beside it', () => {
    for (const answer of [fields('name', 'login[email]'), fields('id', 'fld_username')]) {
      expect(answerFault(question, answer)).toBeUndefined();
      const act = actOf(question, answer);
      expect(act.fill.map(({ fieldId }) => fieldId)).toEqual(['fld_other', 'fld_username']);
      expect(act).toMatchObject({ submit: true, fingerprint: page.fingerprint });
    }
  });

  it('keeps an identifier for later, and nothing else', () => {
    const { fill } = actOf(question, fields('id', 'fld_username', 'fld_pin'));
    expect(fill.map(({ from }) => from.kind === 'submitted' && from.keep)).toEqual([false, true, false]);
  });

  it('must have what is required and may have nothing that is not asked', () => {
    expect(answerFault(question, fields('id', 'fld_pin'))).toBe('"fld_username" is required.');
    expect(answerFault(question, fields('id', 'fld_username', 'x'))).toBe(
      '1 of the fields sent are not asked; asked are: "fld_username", "fld_pin".',
    );
    const choicesOnly = { ...question, asked: [], known: [] };
    expect(answerFault(choicesOnly, fields('id'))).toMatch(/one of the choices/);
  });
});

describe('an answer by choice', () => {
  const choice = (by: Extract<Answer, { mode: 'choice' }>['by'], value: string): Answer => ({
    mode: 'choice',
    by,
    value,
  });

  it.each([
    ['id', 's2', 's2'],
    ['mfa_type', 'sms', 's1'],
    ['sso_provider', 'Google', 'g'],
    ['sso_selector', '//*[@id="g"]', 'g'],
    ['sign_in_option', 'acc', 'acc'],
  ] as const)('by %s takes the one that is meant', (by, value, id) => {
    expect(answerFault(question, choice(by, value))).toBeUndefined();
    expect(actOf(question, choice(by, value))).toMatchObject({ choiceId: id, fill: [], submit: false });
  });

  it('of what is not offered is refused', () => {
    for (const by of ['id', 'mfa_type', 'sso_provider', 'sso_selector', 'sign_in_option'] as const) {
      expect(answerFault(question, choice(by, 'nothing'))).toBeDefined();
    }
    expect(answerFault(question, choice('sign_in_option', 'g'))).toBeDefined();
  });
});
