import { WAY_WORDS, type WayWords } from './words/way-words.ts';

const LABEL_CHARACTERS = 60;
const patternsOf = (way: keyof WayWords) =>
  Object.values(WAY_WORDS).map((words) => new RegExp(`^(?:${words[way].join('|')})$`, 'u'));
const SEND = patternsOf('send');
const AGAIN = patternsOf('again');
const PASSWORD = patternsOf('password');

/** Whether a button has the site send a code, for the first time or again: it sends no form. */
export function sendsCode(label: string): boolean {
  return says(SEND, label) || says(AGAIN, label);
}

/** Whether it has something sent once more: a code, a link, a notification. */
export function sendsAgain(label: string): boolean {
  return says(AGAIN, label);
}

/** Whether it has the site send the first code. */
export function sendsFirstCode(label: string): boolean {
  return says(SEND, label) && !says(AGAIN, label);
}

/** Whether a button or tab leads to the form that asks for a password. */
export function leadsToPassword(label: string): boolean {
  return says(PASSWORD, label);
}

function says(patterns: readonly RegExp[], label: string): boolean {
  const said = label
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/[^\p{L}\p{N}]+$/u, '');
  return said.length <= LABEL_CHARACTERS && patterns.some((pattern) => pattern.test(said));
}
