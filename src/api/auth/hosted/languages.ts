import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HOSTED_LANGUAGES, type HostedLanguage } from '../../../contract/index.ts';

/** The words of a page in one language: `words/<language>.json`. */
export type Words = Readonly<Record<'lang' | 'dir' | 'title' | 'noScript' | 'noScriptTodo', string>>;

/** Where neither the address nor the browser names a language that there is. */
const DEFAULT: HostedLanguage = 'en';

/** The words of each language. */
export function readWords(folder: string): ReadonlyMap<HostedLanguage, Words> {
  return new Map(
    HOSTED_LANGUAGES.map((language) => [
      language,
      JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')) as Words,
    ]),
  );
}

/** The language of a page: the one that its address asks for (`?lang=`), else the first of the browser's that there is. */
export function languageFor(asked: unknown, acceptLanguage: string | undefined): HostedLanguage {
  return known(asked) ?? preferred(acceptLanguage ?? '') ?? DEFAULT;
}

/** `de-AT` is `de`. */
function known(tag: unknown): HostedLanguage | undefined {
  if (typeof tag !== 'string') return undefined;
  const primary = tag.trim().toLowerCase().split('-')[0];
  return HOSTED_LANGUAGES.find((language) => language === primary);
}

/** RFC 9110, 12.5.4: tags with weights; what has the weight 0 is not wanted. */
function preferred(acceptLanguage: string): HostedLanguage | undefined {
  const ranges = acceptLanguage
    .slice(0, 1_000)
    .split(',')
    .map((range) => {
      const [tag, ...parameters] = range.split(';').map((part) => part.trim());
      const q = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      return { language: known(tag), weight: q === undefined ? 1 : Number(q) || 0 };
    });
  const wanted = ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  return wanted.find(({ language }) => language !== undefined)?.language;
}
