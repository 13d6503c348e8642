import { ARABIC } from './arabic.ts';
import { CENTRAL_EUROPEAN } from './central-european.ts';
import type { ConsentWords } from './consent-words.ts';
import { CYRILLIC_AND_GREEK } from './cyrillic-and-greek.ts';
import { EAST_ASIAN } from './east-asian.ts';
import { ENGLISH } from './english.ts';
import { NORDIC } from './nordic.ts';
import { WESTERN_EUROPEAN } from './western-european.ts';

/** The words of all languages. */
export const CONSENT_WORDS: Readonly<Record<string, ConsentWords>> = {
  ...ENGLISH,
  ...WESTERN_EUROPEAN,
  ...NORDIC,
  ...CENTRAL_EUROPEAN,
  ...CYRILLIC_AND_GREEK,
  ...EAST_ASIAN,
  ...ARABIC,
};
