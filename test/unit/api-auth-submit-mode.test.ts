import { describe, expect, it } from '@jest/globals';
import { answerIn } from '../../src/api/auth/operations/submit-mode.ts';
import { ApiProblem } from '../../src/api/problems.ts';
import type { SubmitBody } from '../../src/contract/index.ts';

const NO_FIELDS = { fields: {} };

function faultsOf(body: SubmitBody): string[] {
  try {
    answerIn(body);
  } catch (error) {
    if (error instanceof ApiProblem) return (error.errors ?? []).map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('the mode of a submit', () => {
  it.each<[SubmitBody, ReturnType<typeof answerIn>]>([
    [{ fields: { username: 'a' } }, { mode: 'fields', by: 'name', values: { username: 'a' } }],
    [{ field_values: { f1: 'a' } }, { mode: 'fields', by: 'id', values: { f1: 'a' } }],
    [
      { interaction_id: 'i1', field_values: { f1: 'a' } },
      { mode: 'fields', by: 'id', values: { f1: 'a' } },
    ],
    [
      { interaction_id: 'i1', selected_choice_id: 'c1' },
      { mode: 'choice', by: 'id', value: 'c1' },
    ],
    [{ sso_button_selector: '//a' }, { mode: 'choice', by: 'sso_selector', value: '//a' }],
    [{ sso_provider: 'google' }, { mode: 'choice', by: 'sso_provider', value: 'google' }],
    [{ mfa_option_id: 'sms' }, { mode: 'choice', by: 'mfa_type', value: 'sms' }],
    [{ sign_in_option_id: 'o1' }, { mode: 'choice', by: 'sign_in_option', value: 'o1' }],
  ])('is read from %j', (body, answer) => {
    expect(answerIn(body)).toEqual(answer);
  });

  it.each([
    'sso_button_selector',
    'sso_provider',
    'mfa_option_id',
    'sign_in_option_id',
    'selected_choice_id',
  ] as const)('is %s where empty fields stand beside it', (mode) => {
    expect(answerIn({ ...NO_FIELDS, [mode]: 'x' })).toMatchObject({ mode: 'choice', value: 'x' });
  });

  it('is none where there are empty fields only, or nothing', () => {
    expect(faultsOf(NO_FIELDS)).toEqual(['body']);
    expect(faultsOf({})).toEqual(['body']);
    expect(faultsOf({ interaction_id: 'i1', field_values: {} })).toEqual(['body']);
  });

  it('is refused where there are two', () => {
    expect(faultsOf({ fields: { a: 'b' }, mfa_option_id: 'sms' })).toEqual(['body.mfa_option_id']);
    expect(faultsOf({ sso_provider: 'google', sso_button_selector: '//a' })).toEqual(['body.sso_provider']);
    expect(faultsOf({ fields: { a: 'b' }, field_values: { f: 'b' } })).toEqual(['body.field_values']);
  });

  it('goes with an interaction only where it is one of the newer modes', () => {
    expect(faultsOf({ interaction_id: 'i1', fields: { a: 'b' } })).toEqual(['body.interaction_id']);
    expect(faultsOf({ interaction_id: 'i1', mfa_option_id: 'sms' })).toEqual(['body.interaction_id']);
  });
});
