/* Everything that the page says by itself. */

/** Why a login failed, in plain words, by `error_code`. */
const FAILURES = {
  login_form_not_found: 'No sign-in form was found on the site.',
  navigation_confused: 'The site led to a page that could not be understood.',
  domain_not_allowed: 'The site led to an address that is not allowed here.',
  stuck_in_loop: 'The site asked for the same thing again and again.',
  max_attempts_reached: 'There were too many attempts.',
  website_error: 'The site reported an error.',
  network_error: 'The site could not be reached.',
  element_not_found: 'Something on the site’s page was not where it was expected.',
  credentials_invalid: 'The site did not accept the sign-in details.',
  mfa_required: 'The site asks for a second confirmation that is not supported.',
  external_action_required: 'The site asks for something that can only be done on its own pages.',
  unsupported_auth_method: 'The site asks for a way of signing in that is not supported.',
  bot_detected: 'The site refused the sign-in because it was automated.',
  captcha_blocked: 'The site asked to solve a picture puzzle.',
  flow_failed: 'The sign-in could not be completed.',
  max_steps_exceeded: 'The sign-in took too many steps.',
  browser_error: 'The browser that signs in had a problem.',
  internal_error: 'Something went wrong on our side.',
  totp_required: 'The site asks for a code from an authenticator app.',
  sms_code_required: 'The site asks for a code by text message.',
  email_code_required: 'The site asks for a code by e-mail.',
  account_choice_required: 'The site asks to choose an account.',
  customer_input_required: 'The site asks for something that only you can answer.',
  totp_code_rejected: 'The site did not accept the code.',
};

const EXPIRIES = {
  awaiting_input_timeout: 'No answer came in time, so the sign-in was stopped for your safety.',
  external_action_timeout:
    'The confirmation did not come in time, so the sign-in was stopped for your safety.',
};

const AGAIN = 'Go back to where you found the link and ask for a new one.';

/** What an end says. `state` is absent where the page never got that far. */
export function endWords(end, state) {
  const site = state?.domain ?? 'the site';
  switch (end) {
    case 'SUCCESS':
      return {
        tone: 'good',
        title: 'You are signed in',
        lines: [`${site} is connected. You can close this page.`],
      };
    case 'FAILED':
      return {
        tone: 'bad',
        title: 'The sign-in failed',
        lines: [FAILURES[state?.error_code] ?? FAILURES.flow_failed, AGAIN],
      };
    case 'EXPIRED':
      return {
        tone: 'bad',
        title: 'This sign-in has expired',
        lines: [EXPIRIES[state?.error_code] ?? 'The time for this sign-in is over.', AGAIN],
      };
    case 'CANCELED':
      return {
        tone: 'plain',
        title: 'This sign-in was canceled',
        lines: ['Nothing was saved. You can close this page.'],
      };
    case 'used':
      return {
        tone: 'plain',
        title: 'This link was used already',
        lines: ['For your safety, a link opens only once.', AGAIN],
      };
    case 'over':
      return { tone: 'plain', title: 'This page has ended', lines: ['It was open for too long.', AGAIN] };
    case 'gone':
      return {
        tone: 'plain',
        title: 'This sign-in is gone',
        lines: ['It was deleted. You can close this page.'],
      };
    default:
      return { tone: 'plain', title: 'This link does not work', lines: ['It may be incomplete.', AGAIN] };
  }
}

/** Title of the question that is asked. */
export function questionTitle({ fields, choices, flow_step: step }) {
  if (step === 'AWAITING_EXTERNAL_ACTION') return 'Confirm that it is you';
  const types = new Set(fields.map(({ type }) => type));
  if (fields.some(({ ref }) => ref === 'new_password')) return 'Choose a new password';
  if (types.has('password') || types.has('identifier')) return 'Enter your sign-in details';
  if (types.has('code') || types.has('totp_code')) return 'Enter the code';
  if (fields.length > 0) return 'One more thing';
  return GROUPS[choices[0]?.type]?.title ?? 'Choose how to go on';
}

/** How choices are told apart: title where they are the whole question, label where they stand in a group. */
export const GROUPS = {
  account: { title: 'Choose an account', label: 'Accounts' },
  mfa_method: { title: 'Confirm that it is you', label: 'Ways to confirm' },
  sso_provider: { title: 'Choose how to sign in', label: 'Continue with' },
  sign_in_method: { title: 'Choose how to sign in', label: 'Other ways to sign in' },
  auth_method: { title: 'Choose how to sign in', label: 'Other ways to sign in' },
  identifier_method: { title: 'Choose how to sign in', label: 'Other ways to sign in' },
  other: { title: 'Choose how to go on', label: 'Other options' },
};

const LABELS = {
  identifier: 'E-mail or user name',
  password: 'Password',
  code: 'Code',
  totp_code: 'Code from your authenticator app',
  totp_secret: 'Setup key of your authenticator app',
};

export function fieldLabel({ label, type, ref }) {
  return label || LABELS[type] || ref;
}

export function missingWords(field) {
  return `${fieldLabel(field)}: please fill this in.`;
}

export function rejectedWords(domain) {
  return `${domain} did not accept this. Please enter it again.`;
}

/** What is said above a question that came back. */
export const NOTICES = {
  stale: 'The question has changed in the meantime. Please answer this one.',
  lost: 'Your answer may not have arrived. Please enter it again.',
  busy: 'Your answer could not be taken in just now. Please try again in a moment.',
  refused: 'Your answer was not accepted. Please check it and try again.',
};

/** What becomes of the answers. */
export function aboutWords({ domain, save_credentials: isSaved }) {
  const kept = isSaved ? ' Sign-in details are kept, encrypted, for later.' : ' It is not kept.';
  return `A browser signs in to ${domain} for you. What you enter here is passed on to that site.${kept}`;
}

/** A name for `sso_provider`, such as `google`. */
export function providerName(provider) {
  return provider.slice(0, 1).toUpperCase() + provider.slice(1);
}
