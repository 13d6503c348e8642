import type { MfaType } from '../../contract/index.ts';
import { hasEmail, hasMaskedPhone } from './masked-destination.ts';
import { ASIDE, RECOVER } from './words/button-words.ts';
import {
  AUTHENTICATOR,
  BACKUP,
  CALL,
  EMAIL,
  PASSKEY,
  PASSWORD_METHOD,
  PUSH,
  SMS,
  SWITCH,
} from './words/method-words.ts';

/** A second factor, also one that a headless browser cannot use. */
export type Method = MfaType | 'passkey' | 'other';

const BY_WORDS: readonly [Method, RegExp][] = [
  ['switch', SWITCH],
  ['other', BACKUP],
  ['passkey', PASSKEY],
  ['totp', AUTHENTICATOR],
  ['call', CALL],
  ['push', PUSH],
];

/** The second factor that a button's words offer; undefined where they offer none. */
export function methodOf(label: string): Method | undefined {
  if (SWITCH.test(label)) return 'switch';
  if (RECOVER.test(label) && !BACKUP.test(label)) return undefined;
  if (ASIDE.test(label)) return undefined;
  return named(label);
}

/** Where a one-time code comes from, by the texts around its field; undefined where they do not say. */
export function codeSourceOf(own: string, around: readonly string[]): Method | undefined {
  const told = sourceIn(own);
  if (told !== undefined) return told;
  const sent = around.map((text) => (SENT.test(text) ? sourceIn(text) : undefined)).find(Boolean);
  return sent ?? around.map((text) => sourceIn(text) ?? appIn(text)).find(Boolean);
}

const SENT =
  /sent|texted|e-?mailed|sending|geschickt|gesendet|verschickt|envoy[ée]|enviad|enviamos|inviat|verstuurd|delivered/iu;

function sourceIn(text: string): Method | undefined {
  if (AUTHENTICATOR.test(text)) return 'totp';
  if (BACKUP.test(text)) return undefined;
  if (hasEmail(text)) return 'email';
  if (CALL.test(text)) return 'call';
  if (hasMaskedPhone(text)) return 'sms';
  if (EMAIL.test(text)) return 'email';
  return SMS.test(text) ? 'sms' : undefined;
}

/** "the code that the app shows": an authenticator of the site's own. */
function appIn(text: string): Method | undefined {
  const app = /(?<!\p{L})(apps?|applications?|aplicaci[óo]n)(?!\p{L})/iu;
  return app.test(text) && /code|c[óo]digo|kennwort|tan/iu.test(text) ? 'totp' : undefined;
}

function named(label: string): Method | undefined {
  const strong = BY_WORDS.find(([, words]) => words.test(label));
  if (strong !== undefined) return strong[0];
  if (hasEmail(label)) return 'email';
  if (hasMaskedPhone(label)) return 'sms';
  if (EMAIL.test(label)) return 'email';
  if (SMS.test(label)) return 'sms';
  return PASSWORD_METHOD.test(label) ? 'password' : undefined;
}
