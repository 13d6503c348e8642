import { describe, expect, it } from '@jest/globals';
import {
  type CredentialFacts,
  type LearntLogin,
  type LoginNeed,
  reauthOf,
} from '../../../src/contract/index.ts';

const learnt = (...needs: LoginNeed[]): LearntLogin => ({
  needs,
  proof: { urls: ['https://a'], postLoginUrl: 'https://a' },
});
const stored: CredentialFacts = { source: 'store', keys: ['username', 'password'], hasTotpSecret: false };
const none: CredentialFacts = { source: 'none', keys: [], hasTotpSecret: false };
const password: LoginNeed = { kind: 'value', ref: 'password' };

describe('whether a connection can log in again by itself', () => {
  it.each([
    ['there was no login yet', undefined, stored, false, 'no_prior_successful_login'],
    ['everything is stored', learnt(password), stored, true, 'has_credential'],
    [
      'a provider has everything',
      learnt(password),
      { ...stored, source: 'external' as const },
      true,
      'external_credential',
    ],
    ['nothing was asked', learnt(), none, true, 'no_requirements_recorded'],
    [
      'a choice is all that was needed',
      learnt({ kind: 'choice', type: 'account', label: 'A' }),
      none,
      true,
      'requirements_satisfiable',
    ],
    ['no credential is there', learnt(password), none, false, 'no_credential'],
    ['one value is missing', learnt({ kind: 'value', ref: 'pin' }), stored, false, 'requires_customer_input'],
    [
      'an app’s code is needed without its secret',
      learnt(password, { kind: 'totp' }),
      stored,
      false,
      'requires_totp_without_secret',
    ],
    [
      'an app’s code is needed and its secret is there',
      learnt({ kind: 'totp' }),
      { ...stored, hasTotpSecret: true },
      true,
      'has_credential',
    ],
    [
      'a code of unnamed origin can be tried',
      learnt({ kind: 'code', channel: 'other' }),
      { ...stored, hasTotpSecret: true },
      true,
      'has_credential',
    ],
    [
      'a code of unnamed origin is needed',
      learnt({ kind: 'code', channel: 'other' }),
      stored,
      false,
      'requires_customer_input',
    ],
    ['a code comes by SMS', learnt({ kind: 'code', channel: 'sms' }), stored, false, 'requires_sms_code'],
    [
      'a code comes by e-mail',
      learnt({ kind: 'code', channel: 'email' }),
      stored,
      false,
      'requires_email_code',
    ],
    ['a phone must approve', learnt({ kind: 'external' }), stored, false, 'requires_external_action'],
  ] as const)('when %s', (_when, known, facts, can, reason) => {
    expect(reauthOf(known, { ...facts, keys: [...facts.keys] }, false)).toEqual({ can, reason });
  });

  it('is no once it has failed too often', () => {
    expect(reauthOf(learnt(password), stored, true)).toEqual({ can: false, reason: 'no_viable_plans' });
  });
});
