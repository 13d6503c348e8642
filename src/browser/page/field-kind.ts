import type { Control } from './frame-snapshot.ts';
import { mayOpenOnFocus } from './read-only.ts';
import {
  CAPTCHA,
  CODE,
  HONEYPOT,
  IDENTIFIER,
  NEW_PASSWORD,
  NEWSLETTER,
  OTHER_CODE,
  OTHER_NUMBER,
  PASSWORD,
  PROFILE,
  SEARCH,
  STRONG_CODE,
} from './words/field-words.ts';
import { asWords } from './words/pattern.ts';

/** What an input asks for. `profile`: a name, an address, a card; `none`: nothing a person should fill. */
export type FieldKind =
  | 'identifier'
  | 'password'
  | 'new_password'
  | 'code'
  | 'text'
  | 'profile'
  | 'captcha'
  /** Asked beside the fields of a login: see asked-beside.ts. */
  | 'select'
  | 'checkbox'
  | 'date'
  /** One character of a password: see partial-password.ts. */
  | 'character'
  | 'none';

/**
 * What an input asks for by itself; the form around it decides the rest. `maybe_code`: words that a code shares with other
 * things. `number`: of a card or a person, which is no secret of a login.
 */
export type SeenKind = FieldKind | 'maybe_code' | 'number';

const TYPED_AS_TEXT = new Set(['', 'text', 'email', 'password', 'tel', 'number', 'url']);
const BY_TOKEN: Record<string, FieldKind> = {
  username: 'identifier',
  email: 'identifier',
  tel: 'identifier',
  'tel-national': 'identifier',
  webauthn: 'identifier',
  'current-password': 'password',
  'new-password': 'new_password',
  'one-time-code': 'code',
};
const NUMBER_TOKEN = /^cc-.+$/;
const PROFILE_TOKEN =
  /^(name|given-name|family-name|additional-name|honorific-.+|nickname|organization.*|street-address|address-.+|country.*|postal-code|bday.*|sex|url|photo|language|transaction-.+)$/;

/** Whether a person could type into the control and a site would expect it. */
export function isFillable(control: Control): boolean {
  if (control.kind !== 'input' || !control.shown || control.disabled) return false;
  if (control.readOnly && !mayOpenOnFocus(control, wordsOf(control))) return false;
  return !control.search && TYPED_AS_TEXT.has(control.type);
}

/** Words of an input: its attributes and its name for people. */
export function wordsOf(control: Control): string {
  return [asWords(control.name), asWords(control.id), control.label, control.placeholder].join(' | ');
}

/** What a fillable input asks for, by the strongest signal it has. */
export function seenKindOf(control: Control): SeenKind {
  const words = wordsOf(control);
  if (HONEYPOT.test(words) || NEWSLETTER.test(words)) return 'none';
  if (CAPTCHA.test(words)) return 'captcha';
  const told = kindByToken(control.autocomplete);
  if (told !== undefined) return told;
  if (OTHER_NUMBER.test(words) && !PASSWORD.test(words)) return 'number';
  if (control.type === 'password') return secretKind(words);
  return textKind(control, words);
}

function kindByToken(autocomplete: string): SeenKind | undefined {
  const tokens = autocomplete.split(/\s+/);
  const last = tokens.at(-1) === 'webauthn' && tokens.length > 1 ? tokens.at(-2) : tokens.at(-1);
  if (last === undefined) return undefined;
  if (NUMBER_TOKEN.test(last)) return 'number';
  return BY_TOKEN[last] ?? (PROFILE_TOKEN.test(last) ? 'profile' : undefined);
}

function secretKind(words: string): FieldKind {
  if (STRONG_CODE.test(words) && !PASSWORD.test(words.replace(STRONG_CODE, ' '))) return 'code';
  return NEW_PASSWORD.test(words) ? 'new_password' : 'password';
}

function textKind(control: Control, words: string): SeenKind {
  if (SEARCH.test(asWords(control.name)) || SEARCH.test(control.placeholder)) return 'none';
  const code = codeKind(control, words);
  if (code !== undefined) return code;
  if (control.type === 'email') return 'identifier';
  if (PROFILE.test(words) && !IDENTIFIER.test(control.label)) return 'profile';
  if (PASSWORD.test(words) && !IDENTIFIER.test(words)) return 'password';
  return control.type === 'tel' || IDENTIFIER.test(words) ? 'identifier' : 'text';
}

function codeKind(control: Control, words: string): 'code' | 'maybe_code' | undefined {
  if (OTHER_CODE.test(words)) return undefined;
  if (STRONG_CODE.test(words)) return 'code';
  const short = control.maxLength >= 4 && control.maxLength <= 8;
  const digits = control.inputMode === 'numeric' || ['tel', 'number'].includes(control.type);
  return CODE.test(words) || (short && digits) ? 'maybe_code' : undefined;
}
