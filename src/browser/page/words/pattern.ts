/** Whether a text holds any of the phrases. */
export interface Phrases {
  test(text: string): boolean;
}

const LETTER = '[\\p{L}\\p{N}]';
/** Scripts that put no blanks between words, and Hangul, whose words take endings. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/**
 * A pattern that finds any of the words, in any case, not as a part of longer ones; those of scripts that put no blanks
 * between words are found anywhere. The list is separated by commas; its entries are regular expressions without commas. A `*` at the end of one lets the word go on
 * (`benutzer*` finds "Benutzerkennung"), as does `.*`. Nothing else in an entry is without a bound but a single class, such
 * as `\p{L}+`: the texts are a site's, and finding takes time that grows with them alone.
 */
export function anyWord(list: string): RegExp {
  const all = entriesOf(list);
  const inside = all.filter((entry) => UNSPACED.test(entry)).map((entry) => entry.replace(/\.\*$/, ''));
  const entries = all.filter((entry) => !UNSPACED.test(entry));
  const whole = entries.filter((entry) => !entry.endsWith('.*')).map(goingOn);
  const begun = entries.filter((entry) => entry.endsWith('.*')).map((entry) => entry.slice(0, -2));
  for (const entry of [...whole, ...begun, ...inside]) assertBounded(entry);
  const words = [
    ...(whole.length > 0 ? [`(?:${whole.join('|')})(?!${LETTER})`] : []),
    ...(begun.length > 0 ? [`(?:${begun.join('|')})`] : []),
  ];
  const alternatives = [
    ...(words.length > 0 ? [`(?<!${LETTER})(?:${words.join('|')})`] : []),
    ...(inside.length > 0 ? [`(?:${inside.join('|')})`] : []),
  ];
  return new RegExp(alternatives.join('|'), 'iu');
}

/**
 * As {@link anyWord}, of entries with `.*` inside as well: anything may stand there. The parts between are looked for one
 * after the other, each behind the one before; as one expression they would be tried in every combination.
 */
export function anyPhrase(list: string): Phrases {
  const entries = entriesOf(list);
  const parted = entries.filter((entry) => entry.slice(0, -2).includes('.*'));
  const plain = entries.filter((entry) => !parted.includes(entry));
  const words = plain.length > 0 ? anyWord(plain.join(',')) : undefined;
  const sequences = parted.map(sequenceOf);
  return {
    test: (text) => words?.test(text) === true || sequences.some((sequence) => isInOrder(sequence, text)),
  };
}

function entriesOf(list: string): string[] {
  const entries = list.split(',').map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ''))];
}

function goingOn(word: string): string {
  return /[\p{L}\]]\*$/u.test(word) ? `${word.slice(0, -1)}${LETTER}*` : word;
}

function sequenceOf(entry: string): RegExp[] {
  const parts = entry.split('.*');
  return parts.flatMap((part, index) => {
    if (part === '') return [];
    assertBounded(part);
    const before = index === 0 ? `(?<!${LETTER})` : '';
    const after = index === parts.length - 1 ? `(?!${LETTER})` : '';
    return [new RegExp(`${before}(?:${part})${after}`, 'giu')];
  });
}

function isInOrder(sequence: readonly RegExp[], text: string): boolean {
  let from = 0;
  return sequence.every((part) => {
    part.lastIndex = from;
    const found = part.exec(text);
    from = part.lastIndex;
    return found !== null;
  });
}

function assertBounded(entry: string): void {
  if (/[).][*+]/.test(entry)) throw new Error(`the words "${entry}" could be found in too many ways`);
}

/** Attribute names as words: `loginEmail_1` becomes `login Email 1`. */
export function asWords(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_\-.:[\]$/]+/g, ' ')
    .replaceAll(/(\p{L})(\d)/gu, '$1 $2')
    .trim();
}
