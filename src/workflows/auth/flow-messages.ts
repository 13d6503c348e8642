import type { FlowErrorCode } from '../../contract/index.ts';

/** What each code says to a person: fixed sentences, nothing of the site. */
export const FLOW_MESSAGES: Readonly<Record<FlowErrorCode, string>> = {
  login_form_not_found: 'No login form was found on the site.',
  navigation_confused: 'The site led somewhere unexpected.',
  domain_not_allowed: 'The site led to a domain that is not allowed for this connection.',
  stuck_in_loop: 'The site kept showing the same page.',
  max_attempts_reached: 'The site refused too many answers.',
  website_error: 'The site reported an error.',
  network_error: 'The site could not be reached.',
  element_not_found: 'A part of the page was not found again.',
  credentials_invalid: 'The site did not accept the stored credential.',
  mfa_required: 'The site asks for a second factor.',
  external_action_required: 'The site asks for something that only a person can do.',
  unsupported_auth_method: 'The site asks for a way to sign in that is not supported.',
  bot_detected: 'The site refused the browser.',
  captcha_blocked: 'The site asks for a CAPTCHA.',
  session_expired: 'The time for this login is over.',
  flow_failed: 'The login failed.',
  awaiting_input_timeout: 'Nobody answered in time.',
  external_action_timeout: 'The action elsewhere did not happen in time.',
  max_steps_exceeded: 'The login took too many steps.',
  browser_error: 'The browser failed.',
  internal_error: 'Something went wrong on our side.',
  totp_required: 'A code of an authenticator app is required.',
  sms_code_required: 'A code sent to a phone is required.',
  email_code_required: 'A code sent by e-mail is required.',
  account_choice_required: 'An account must be chosen.',
  customer_input_required: 'The site asks for something that is not stored.',
  totp_code_rejected: 'The site did not accept the code of the authenticator app.',
  passkey_required:
    'The site lets nobody in without a passkey or security key, which stays on its device. Set up another way to sign in at the site, such as a password, and try again.',
  captcha_required:
    'The site asks for a CAPTCHA, which only a person can solve. Sign in at the site once in a browser of your own, or wait a while, and try again; the owner of the site can exempt the address that this browser comes from.',
};
