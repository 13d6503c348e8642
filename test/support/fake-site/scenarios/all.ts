import type { Scenario } from '../scenario.ts';
import { accountPicker } from './account-picker.ts';
import { basic } from './basic.ts';
import { combined, combinedGerman } from './combined.ts';
import { consent } from './consent.ts';
import { emailCode } from './email-code.ts';
import { honeypot } from './honeypot.ts';
import { identifierFirst } from './identifier-first.ts';
import { iframe } from './iframe.ts';
import { attempts, lockout } from './locks.ts';
import { magicLink } from './magic-link.ts';
import { mirror } from './mirror.ts';
import { modal } from './modal.ts';
import { passwordChange } from './password-change.ts';
import { passwordlessOnly } from './passwordless-only.ts';
import { profilePage } from './profile-page.ts';
import { push } from './push.ts';
import { shadowDom } from './shadow-dom.ts';
import { sixBox } from './six-box.ts';
import { smsList } from './sms-list.ts';
import { spaBlank } from './spa-blank.ts';
import { sso } from './sso.ts';
import { agentBound, expiring, slow } from './timed-and-bound.ts';
import { indexedDbSpa, sessionStorageSpa } from './token-spa.ts';
import { totp, totpStrict } from './totp.ts';
import { blocked, captcha, neverLoads, passkeyOnly } from './walls.ts';

/** Every scenario of the site. */
export const scenarios: readonly Scenario[] = [
  combined,
  combinedGerman,
  identifierFirst,
  sso,
  totp,
  totpStrict,
  smsList,
  emailCode,
  push,
  attempts,
  lockout,
  accountPicker,
  sixBox,
  shadowDom,
  iframe,
  captcha,
  blocked,
  consent,
  basic,
  honeypot,
  passwordChange,
  expiring,
  sessionStorageSpa,
  indexedDbSpa,
  neverLoads,
  passwordlessOnly,
  profilePage,
  spaBlank,
  modal,
  passkeyOnly,
  magicLink,
  mirror,
  slow,
  agentBound,
];
