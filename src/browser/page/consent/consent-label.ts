import { CONSENT_WORDS } from './words/all-languages.ts';
import type { ConsentWords } from './words/consent-words.ts';

/** What a button of a consent notice does; `pay` costs money or leads to an account. */
export type ConsentButton = Exclude<keyof ConsentWords, 'about'>;

/** The first that fits wins: "accept only necessary" takes less than "accept". */
const ORDER: readonly ConsentButton[] = [
  'reject',
  'necessary',
  'save',
  'close',
  'settings',
  'acknowledge',
  'accept',
];
const LABEL_CHARACTERS = 80;
/** Scripts that put no blanks between words: a word stands anywhere in them. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

// In lower case: patterns that fold case take 20 times as long to make.
const LANGUAGES = Object.values(CONSENT_WORDS);
const ABOUT = LANGUAGES.map(({ about }) => anywhere(about));
const PAY = LANGUAGES.map(({ pay }) => anywhere(pay));
const WHOLE = ORDER.map((button) => ({
  button,
  patterns: LANGUAGES.map((words) => new RegExp(`^(?:${words[button].join('|')})$`, 'u')),
}));

/** Whether a text is about consent to cookies or to the use of data. */
export function isAboutConsent(text: string): boolean {
  const said = text.toLowerCase();
  return ABOUT.some((pattern) => pattern.test(said));
}

/** What the button does, by its whole label; undefined where its words are none that a notice has. */
export function consentButtonOf(label: string): ConsentButton | undefined {
  const said = bare(label);
  if (said === '' || said.length > LABEL_CHARACTERS) return undefined;
  if (PAY.some((pattern) => pattern.test(said))) return 'pay';
  return WHOLE.find(({ patterns }) => patterns.some((pattern) => pattern.test(said)))?.button;
}

/** Without the signs around it: "» Reject all." A cross alone stays, for it closes. */
function bare(label: string): string {
  const told = label.toLowerCase().replaceAll(/\s+/gu, ' ').trim();
  const inner = told.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[^\p{L}\p{N}]+$/u, '');
  return inner === '' ? told : inner;
}

function anywhere(words: readonly string[]): RegExp {
  const list = words.join('|');
  if (words.some((word) => UNSPACED.test(word))) return new RegExp(list, 'u');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`, 'u');
}
