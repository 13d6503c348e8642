/**
 * A pattern that finds any of the words, in any case, not as a part of longer ones. The list is separated by commas;
 * its entries are regular expressions without commas. A `*` after a letter at the end of one lets the word go on
 * (`benutzer*` finds "Benutzerkennung").
 */
export function anyWord(list: string): RegExp {
  const words = list.split(',').map((entry) => entry.trim());
  const parts = words.map((word) => (/\p{L}\*$/u.test(word) ? `${word.slice(0, -1)}[\\p{L}\\p{N}]*` : word));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}

/** Attribute names as words: `loginEmail_1` becomes `login Email 1`. */
export function asWords(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_\-.:[\]$/]+/g, ' ')
    .replaceAll(/(\p{L})(\d)/gu, '$1 $2')
    .trim();
}
