import { anyWord } from './pattern.ts';

/** Words by which a site asks for single characters of a password. */
export const SINGLE_CHARACTERS = anyWord(`
  characters?, letters?, digits?, (\\d+|\\p{L}+)(st|nd|rd|th) (character|letter|digit|number)s?, zeichen, stellen?,
  ziffern?, buchstaben?, caract[èe]res?, chiffres?, lettres?, caract[ée]r(es)?, d[íi]gitos?, letras?, posici[óo]n(es)?,
  caratter[ei], cifr[ae], tekens?, cijfers?, znak[iu]?, znaków, cyfr[ay]?, символ*, tecken, tegn, merkki*
`);

/** A password in the cases of languages that have them. */
export const OF_PASSWORD = anyWord(
  `passwort(e?s), kennwort(e?s), has[łl]a, hesla, пароля, l[öo]senordets, passordets, salasanan`,
);

/** A secret that is none of the login's password. */
export const OTHER_SECRET = anyWord(`
  pin, memorable, memorable (word|name|information|data|answer|place|date), security (word|number|answer), secret word,
  passnumber, pass ?number, telephone password, telefon*, merkwort, geheimwort, mot secret, palabra secreta
`);

const ORDINALS: readonly (readonly string[])[] = [
  ['first', 'erste', 'erstes', 'premier', 'première', 'primer', 'primera', 'primo', 'prima'],
  ['second', 'zweite', 'zweites', 'deuxième', 'segundo', 'segunda', 'secondo', 'seconda'],
  ['third', 'dritte', 'drittes', 'troisième', 'tercer', 'tercera', 'terzo', 'terza'],
  ['fourth', 'vierte', 'viertes', 'quatrième', 'cuarto', 'cuarta', 'quarto', 'quarta'],
  ['fifth', 'fünfte', 'fünftes', 'cinquième', 'quinto', 'quinta'],
  ['sixth', 'sechste', 'sechstes', 'sixième', 'sexto', 'sexta', 'sesto', 'sesta'],
  ['seventh', 'siebte', 'siebtes', 'septième', 'séptimo', 'séptima', 'settimo', 'settima'],
  ['eighth', 'achte', 'achtes', 'huitième', 'octavo', 'octava', 'ottavo', 'ottava'],
  ['ninth', 'neunte', 'neuntes', 'neuvième', 'noveno', 'novena', 'nono', 'nona'],
  ['tenth', 'zehnte', 'zehntes', 'dixième', 'décimo', 'décima', 'decimo', 'decima'],
];
const BY_WORD = new Map(ORDINALS.flatMap((words, index) => words.map((word) => [word, index + 1] as const)));
const NUMBER = /(?<![\p{L}\p{N}])(\d{1,2})(?:st|nd|rd|th|e|er|ère|[ªºo.])?(?![\p{L}\p{N}])|\p{L}+/giu;

/** Numbers and ordinals of a text, in their order; undefined where there is none. */
export function numbersIn(text: string): number[] | undefined {
  const found = [...text.matchAll(NUMBER)].flatMap(([word, digits]) => {
    const number = digits === undefined ? BY_WORD.get(word.toLowerCase()) : Number(digits);
    return number === undefined || number === 0 ? [] : [number];
  });
  return found.length === 0 ? undefined : found;
}
