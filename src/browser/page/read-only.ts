import type { Control } from './frame-snapshot.ts';
import { CODE, IDENTIFIER, PASSWORD } from './words/field-words.ts';

/**
 * Whether a read-only input may be a field all the same. Sites keep the browser from filling a login by making its inputs
 * read-only until they have the focus; those are empty, and are secrets or named as a login's. What stands in a read-only
 * input already, as the user name on a page that asks for the password, is no question.
 */
export function mayOpenOnFocus({ readOnly, empty, type }: Control, words: string): boolean {
  if (!readOnly || !empty) return false;
  return (
    type === 'password' ||
    type === 'email' ||
    [IDENTIFIER, PASSWORD, CODE].some((pattern) => pattern.test(words))
  );
}
