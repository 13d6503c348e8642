import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChoiceType, FlowErrorCode, HOSTED_LANGUAGES } from '../../../src/contract/index.ts';
import { NOTICES } from '../../../src/core/auth/notices.ts';

const WEB = path.resolve(import.meta.dirname, '../../../web/hosted');
const WORDS = path.join(WEB, 'words');

type Tree = { [key: string]: string | Tree };
const read = (language: string): Tree =>
  JSON.parse(readFileSync(path.join(WORDS, `${language}.json`), 'utf8'));
const all = Object.fromEntries(HOSTED_LANGUAGES.map((language) => [language, read(language)]));
const others = HOSTED_LANGUAGES.filter((language) => language !== 'en');
const english = all['en'] as Tree;

/** Each text with the path of its key. */
function textsOf(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${at}${key}`, value]] : textsOf(value, `${at}${key}.`),
  );
}

const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).toSorted();
const keysOf = (tree: Tree | undefined, name: string) => Object.keys((tree?.[name] ?? {}) as Tree);

// biome-ignore lint/suspicious/noExplicitAny: the page's own modules have no types.
let words: any;
let languageFor: (asked: unknown, acceptLanguage: string | undefined) => string;
beforeAll(async () => {
  words = await import(path.join(WEB, 'words.js'));
  ({ languageFor } = await import('../../../src/api/auth/hosted/languages.ts'));
});

describe('the words of the hosted page', () => {
  it('are there for each language that is offered, and for no other', () => {
    const files = readdirSync(WORDS).map((name) => path.basename(name, '.json'));
    expect(files.toSorted()).toEqual([...HOSTED_LANGUAGES].toSorted());
    for (const language of HOSTED_LANGUAGES) {
      expect(all[language]).toMatchObject({ lang: language, dir: expect.stringMatching(/^(ltr|rtl)$/) });
    }
  });

  it.each(others)('have in %s the keys and the places of the English ones, and no others', (language) => {
    const texts = textsOf(all[language] as Tree);
    expect(texts.map(([key]) => key)).toEqual(textsOf(english).map(([key]) => key));
    expect(texts.map(([key, text]) => [key, placesOf(text)])).toEqual(
      textsOf(english).map(([key, text]) => [key, placesOf(text)]),
    );
  });

  it.each(others)('say in %s nothing in English, and leave nothing empty', (language) => {
    // The same word in both.
    const shared = ['dir', 'fields.code'];
    const same = textsOf(all[language] as Tree).filter(([key, text]) => {
      const source = textsOf(english).find(([name]) => name === key)?.[1];
      return text.trim() === '' || (text === source && !shared.includes(key));
    });
    expect(same).toEqual([]);
  });

  it.each(HOSTED_LANGUAGES)('say in %s for each error code what happened and what to do', (language) => {
    const { errors } = all[language] as { errors: Tree };
    for (const code of FlowErrorCode.options) {
      expect([code, errors[code]]).toEqual([code, { what: expect.any(String), todo: expect.any(String) }]);
      const said = words.createWords(all[language]).endWords('FAILED', { error_code: code });
      expect(said).toMatchObject({ tone: 'bad', ...(errors[code] as Tree) });
    }
  });

  it('are all used: none is left over', () => {
    const sources = [...readdirSync(WEB).filter((name) => /\.(js|html)$/.test(name))]
      .map((name) => readFileSync(path.join(WEB, name), 'utf8'))
      .join('\n');
    // The server writes these two.
    const { lang: _lang, dir: _dir, ...shown } = english;
    const unused = Object.keys(shown).filter((key) => !new RegExp(`['.{]${key}\\b`).test(sources));
    expect(unused).toEqual([]);
    expect(keysOf(english, 'notices')).toEqual(Object.keys(NOTICES));
    expect(keysOf(english, 'ends')).toEqual([
      ...['SUCCESS', 'FAILED', 'EXPIRED', 'CANCELED'],
      ...['used', 'over', 'gone', 'broken'],
    ]);
  });

  it.each(HOSTED_LANGUAGES)('have in %s a title and a group for each kind of choice', (language) => {
    const { groupLabel, questionTitle } = words.createWords(all[language]);
    for (const type of [...ChoiceType.options, 'new-kind']) {
      expect(groupLabel(type)).toEqual(expect.stringMatching(/./));
      expect(questionTitle({ fields: [], choices: [{ type }], flow_step: 'AWAITING_INPUT' })).toEqual(
        expect.stringMatching(/./),
      );
    }
  });

  it('fill in names once, whatever these look like', () => {
    const { say, parts } = words.createWords(english);
    expect(say('titleOf', { site: '{site} $& x' })).toBe('Sign in to {site} $& x');
    expect(parts('titleOf', { site: 7 })).toEqual(['Sign in to ', 7, '']);
  });
});

describe('the language of the hosted page', () => {
  it.each([
    ['de', 'fr', 'de'],
    ['JA-jp', undefined, 'ja'],
    ['xx', 'fr-CA, en;q=0.5', 'fr'],
    [['de', 'es'], 'es', 'es'],
    [undefined, 'it, de;q=0.4, es;q=0.9', 'es'],
    [undefined, 'de;q=0, *', 'en'],
    [undefined, 'de;q=x,,;;q, ja', 'ja'],
    [undefined, undefined, 'en'],
  ])('asked for as %j by a browser that prefers %j is %s', (asked, acceptLanguage, language) => {
    expect(languageFor(asked, acceptLanguage)).toBe(language);
  });
});
