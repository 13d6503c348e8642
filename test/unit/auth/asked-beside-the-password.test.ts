import { describe, expect, it } from '@jest/globals';
import type { CredentialFacts, PageField } from '../../../src/contract/index.ts';
import { initialFlowState } from '../../../src/core/auth/flow-state.ts';
import { learn, learntOf } from '../../../src/core/auth/learning.ts';
import { type PlanInput, planFor } from '../../../src/core/auth/login-plan.ts';
import { characterAt, isCharacterRef } from '../../../src/core/fields/partial-password.ts';
import { aField, aForm } from '../../support/scripted-browser.ts';

const memory = () => initialFlowState({ flowId: 'f', type: 'LOGIN', expiresAt: '', hostedUrl: null }).memory;
const stored = (...keys: string[]): CredentialFacts => ({ source: 'store', keys, hasTotpSecret: false });

const plan = (fields: PageField[], credential: CredentialFacts, more: Partial<PlanInput> = {}) =>
  planFor({
    type: 'LOGIN',
    page: aForm(fields),
    memory: memory(),
    facts: { credential },
    rejected: false,
    ...more,
  });

const character = (place: number, position: number, of = 'password') =>
  aField(`${of}_character_${place}`, { type: 'password', position });
const PARTIAL = [character(1, 2), character(2, 5)];
const LIBRARY = [aField('username'), aField('password'), aField('branch', { type: 'select', options: [] })];

describe('B3 characters of a password', () => {
  it('are answered from the stored password, each by its position', () => {
    const made = plan(PARTIAL, stored('password'));
    expect(made.kind === 'act' && made.act.fill.map(({ from }) => from)).toEqual([
      { kind: 'credential', key: 'password', position: 2 },
      { kind: 'credential', key: 'password', position: 5 },
    ]);
  });

  it('of another secret are asked of a person, whatever is stored', () => {
    const made = plan([character(1, 2, 'secret')], stored('password'));
    expect(made.kind === 'ask' && made.asked.map(({ ref }) => ref)).toEqual(['secret_character_1']);
  });

  it('need the password the next time, and are none themselves', () => {
    const { memory: learning } = initialFlowState({
      flowId: 'f',
      type: 'LOGIN',
      expiresAt: '',
      hostedUrl: null,
    });
    const page = aForm(PARTIAL);
    const fill = PARTIAL.map(({ id, ref }) => {
      const from = { kind: 'submitted' as const, secretId: 's', keep: false };
      return { fieldId: id, ref, from };
    });
    learn(learning, page, { fingerprint: page.fingerprint, fill, submit: true });
    const proof = { urls: ['https://site.example/'], postLoginUrl: 'https://site.example/' };
    expect(learntOf(learning, proof).needs).toEqual([{ kind: 'value', ref: 'password' }]);
    expect(PARTIAL.every(({ ref }) => isCharacterRef(ref))).toBe(true);
    expect(isCharacterRef('password')).toBe(false);
  });

  it('are counted by what a person sees, and absent behind the end', () => {
    expect([characterAt('a😀c', 2), characterAt('a😀c', 3), characterAt('abc', 4)]).toEqual([
      '😀',
      'c',
      undefined,
    ]);
  });
});

describe('B4, B5 what a login asks beside the password', () => {
  it('is filled from the credential under its own name, else asked alone', () => {
    expect(plan(LIBRARY, stored('username', 'password', 'branch')).kind).toBe('act');
    const made = plan(LIBRARY, stored('username', 'password'));
    expect(made.kind === 'ask' && made.asked.map(({ ref }) => ref)).toEqual(['branch']);
    expect(made.kind === 'ask' && made.known).toHaveLength(2);
  });

  it('is not tried again by itself after nothing was sent, and a re-auth does not blame the password', () => {
    const all = stored('username', 'password', 'branch');
    expect(plan(LIBRARY, all, { again: true }).kind).toBe('ask');
    expect(plan(LIBRARY, all, { again: true, type: 'REAUTH' })).toEqual({
      kind: 'fail',
      code: 'customer_input_required',
    });
    expect(plan(LIBRARY, all, { rejected: true, type: 'REAUTH' })).toEqual({
      kind: 'fail',
      code: 'credentials_invalid',
    });
  });
});
