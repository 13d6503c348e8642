import { z } from 'zod';

/** Whether a connection's profile is logged in, as of the newest proof. */
export const ConnectionStatus = z.enum(['AUTHENTICATED', 'NEEDS_AUTH']);
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

export const FlowStatus = z.enum(['IN_PROGRESS', 'SUCCESS', 'FAILED', 'EXPIRED', 'CANCELED']);
export type FlowStatus = z.infer<typeof FlowStatus>;

export const FlowStep = z.enum([
  'DISCOVERING',
  'AWAITING_INPUT',
  'AWAITING_EXTERNAL_ACTION',
  'SUBMITTING',
  'COMPLETED',
]);
export type FlowStep = z.infer<typeof FlowStep>;

/** `LOGIN` by a person or a program, `REAUTH` by the connection itself. */
export const FlowType = z.enum(['LOGIN', 'REAUTH']);
export type FlowType = z.infer<typeof FlowType>;

/** Type of a field in the older of the two shapes. */
export const DiscoveredFieldType = z.enum([
  'text',
  'email',
  'password',
  'tel',
  'number',
  'url',
  'code',
  'totp',
]);
export type DiscoveredFieldType = z.infer<typeof DiscoveredFieldType>;

/**
 * Type of a field in the newer shape. Of a `select` the answer is one of its options, by value or by label; of a `checkbox`
 * `true` or `false`; of a `date` `YYYY-MM-DD`.
 */
export const FieldType = z.enum([
  'identifier',
  'password',
  'code',
  'totp_code',
  'totp_secret',
  'text',
  'select',
  'checkbox',
  'date',
]);
export type FieldType = z.infer<typeof FieldType>;

export const MfaType = z.enum(['sms', 'call', 'email', 'totp', 'push', 'password', 'switch']);
export type MfaType = z.infer<typeof MfaType>;

export const ChoiceType = z.enum([
  'mfa_method',
  'sso_provider',
  'sign_in_method',
  'auth_method',
  'identifier_method',
  'account',
  'other',
]);
export type ChoiceType = z.infer<typeof ChoiceType>;

/** Why a flow failed or expired. */
export const FlowErrorCode = z.enum([
  'login_form_not_found',
  'navigation_confused',
  'domain_not_allowed',
  'stuck_in_loop',
  'max_attempts_reached',
  'website_error',
  'network_error',
  'element_not_found',
  'credentials_invalid',
  'mfa_required',
  'external_action_required',
  'unsupported_auth_method',
  'bot_detected',
  'captcha_blocked',
  'session_expired',
  'flow_failed',
  'awaiting_input_timeout',
  'external_action_timeout',
  'max_steps_exceeded',
  'browser_error',
  'internal_error',
  'totp_required',
  'sms_code_required',
  'email_code_required',
  'account_choice_required',
  'customer_input_required',
  'totp_code_rejected',
  'passkey_required',
  'captcha_required',
]);
export type FlowErrorCode = z.infer<typeof FlowErrorCode>;

/** Why the connection can, or cannot, log in again by itself. */
export const ReauthReason = z.enum([
  'external_credential',
  'cua_has_credential',
  'has_credential',
  'viable_plans_found',
  'no_requirements_recorded',
  'requirements_satisfiable',
  'no_prior_successful_login',
  'no_credential',
  'no_viable_plans',
  'viable_plans_require_external_action',
  'requires_external_action',
  'requires_totp_without_secret',
  'requires_sms_code',
  'requires_email_code',
  'requires_customer_input',
]);
export type ReauthReason = z.infer<typeof ReauthReason>;

/** Whether a flow with this status has ended. */
export function isFlowEnd(status: FlowStatus): boolean {
  return status !== 'IN_PROGRESS';
}
