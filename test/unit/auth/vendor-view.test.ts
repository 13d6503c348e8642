import { describe, expect, it } from '@jest/globals';
import { enterPhase, initialFlowState } from '../../../src/core/auth/flow-state.ts';
import type { Question } from '../../../src/core/auth/question.ts';
import { toFlowView } from '../../../src/core/auth/vendor-view.ts';
import { aChoice, aField, aForm } from '../../support/scripted-browser.ts';

const START = initialFlowState({
  flowId: 'flow_1',
  type: 'LOGIN',
  expiresAt: '2026-11-21T12:20:00.000Z',
  hostedUrl: 'https://longturn.example/auth/hosted/conn_1',
});

const BEGUN = {
  flow_id: 'flow_1',
  revision: 1,
  flow_status: 'IN_PROGRESS',
  flow_step: 'DISCOVERING',
  flow_type: 'LOGIN',
  flow_expires_at: '2026-11-21T12:20:00.000Z',
  interaction_id: null,
  fields: null,
  choices: null,
  discovered_fields: null,
  pending_sso_buttons: null,
  mfa_options: null,
  sign_in_options: null,
  sso_provider: null,
  external_action_message: null,
  website_error: null,
  error_code: null,
  error_message: null,
  post_login_url: null,
  live_view_url: null,
  hosted_url: 'https://longturn.example/auth/hosted/conn_1',
  browser_session_id: null,
};

const page = aForm([aField('username', { placeholder: 'you@site', inputMode: 'email' })], {
  choices: [
    aChoice('g', { type: 'sso_provider', provider: 'google', label: 'Continue with Google' }),
    aChoice('s', { type: 'mfa_method', mfaType: 'sms', label: 'Text me', maskedDestination: '··12' }),
    aChoice('k', { type: 'mfa_method', mfaType: 'passkey', label: 'Use a passkey' }),
  ],
  websiteError: 'Unknown user.',
  ssoProvider: 'contoso',
});
const question: Question = {
  interactionId: 'int_1',
  page,
  asked: page.fields,
  known: [],
  rejected: true,
  notice: 'Again.',
};
const hint = 'Unknown user. Again. You are signing in with contoso.';
const selectorOf = (id: string) => page.choices.find((choice) => choice.id === id)?.selector;
const [username] = page.fields;

/** Readers compare bytes: the order of the keys counts. */
const bytes = (value: unknown) => JSON.stringify(value);

describe('the view of a flow', () => {
  it('of a login that has just begun shows nothing but its identity', () => {
    expect(bytes(toFlowView(START))).toBe(bytes(BEGUN));
  });

  it('shows a question in the newer and in the older shape', () => {
    const asked = enterPhase(START, { type: 'asking', question });
    const shown = {
      ...BEGUN,
      revision: 2,
      flow_step: 'AWAITING_INPUT',
      interaction_id: 'int_1',
      fields: [
        {
          id: 'fld_username',
          ref: 'username',
          type: username?.type,
          reason: 'rejected',
          label: username?.label,
          required: true,
          observed_selector: username?.selector,
          hint,
          input_mode: 'email',
        },
      ],
      choices: [
        {
          id: 'g',
          label: 'Continue with Google',
          type: 'sso_provider',
          observed_selector: selectorOf('g'),
        },
        {
          id: 's',
          label: 'Text me',
          type: 'mfa_method',
          observed_selector: selectorOf('s'),
          mfa_type: 'sms',
          masked_destination: '··12',
        },
        {
          id: 'k',
          label: 'Use a passkey',
          type: 'mfa_method',
          observed_selector: selectorOf('k'),
          mfa_type: 'passkey',
        },
      ],
      discovered_fields: [
        {
          name: username?.name,
          label: username?.label,
          type: username?.legacyType,
          selector: username?.selector,
          required: true,
          placeholder: 'you@site',
          hint,
        },
      ],
      pending_sso_buttons: [{ provider: 'google', selector: selectorOf('g'), label: 'Continue with Google' }],
      mfa_options: [{ type: 'sms', label: 'Text me', target: '··12' }],
      sign_in_options: [{ id: 'k', label: 'Use a passkey' }],
      sso_provider: 'contoso',
      website_error: 'Unknown user.',
    };
    expect(bytes(toFlowView(asked))).toBe(bytes(shown));
    const elsewhere = { type: 'awaiting_external' as const, question, message: 'Look at your phone.' };
    expect(bytes(toFlowView(enterPhase(START, elsewhere)))).toBe(
      bytes({
        ...shown,
        flow_step: 'AWAITING_EXTERNAL_ACTION',
        external_action_message: 'Look at your phone.',
      }),
    );
  });

  it('clears the question at the end, and says how it ended', () => {
    const asked = enterPhase(START, { type: 'asking', question });
    const succeeded = enterPhase(asked, { type: 'succeeded', postLoginUrl: 'https://site.example/' });
    const end = { ...BEGUN, revision: 3, flow_step: 'COMPLETED' };
    expect(bytes(toFlowView(succeeded))).toBe(
      bytes({ ...end, flow_status: 'SUCCESS', post_login_url: 'https://site.example/' }),
    );
    const failed = enterPhase(asked, {
      type: 'ended',
      status: 'FAILED',
      code: 'bot_detected',
      message: 'The site refused the browser.',
      websiteError: 'Go away.',
    });
    expect(bytes(toFlowView(failed))).toBe(
      bytes({
        ...end,
        flow_status: 'FAILED',
        website_error: 'Go away.',
        error_code: 'bot_detected',
        error_message: 'The site refused the browser.',
      }),
    );
  });
});
