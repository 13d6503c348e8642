import { CENTRAL_EUROPEAN } from './central-european.ts';
import { CYRILLIC_AND_GREEK } from './cyrillic-and-greek.ts';
import { EAST_ASIAN } from './east-asian.ts';
import type { LanguageWords } from './language-words.ts';
import { NORDIC_AND_BALTIC } from './nordic-and-baltic.ts';
import { RIGHT_TO_LEFT_AND_INDIC } from './right-to-left-and-indic.ts';
import { WESTERN_EUROPEAN } from './western-european.ts';

/** The words of every language that has a list of its own, by its BCP 47 tag. */
export const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  ...WESTERN_EUROPEAN,
  ...NORDIC_AND_BALTIC,
  ...CENTRAL_EUROPEAN,
  ...CYRILLIC_AND_GREEK,
  ...RIGHT_TO_LEFT_AND_INDIC,
  ...EAST_ASIAN,
};

/** One topic's words in all languages, for a list that goes on with them. */
export function inAllLanguages(topic: keyof LanguageWords): string {
  return Object.values(LANGUAGES)
    .flatMap((words) => words[topic] ?? [])
    .join(', ');
}
