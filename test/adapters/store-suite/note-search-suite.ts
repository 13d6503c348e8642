import { beforeAll, expect, it } from '@jest/globals';
import { allPages, at, range } from './fixtures.ts';
import type { NoteStores } from './note-stores.ts';

const NOTES = {
  cats: 'The quick cat sat. Cat, cat and cat again; a cat.',
  dogs: 'A quick dog and a cat; see src/read_file.ts and user@example.com, v1.2.3, 1e5.',
  umlaut: 'Größe und Maße, naïve CAFÉ',
  japanese: '東京タワーは高い',
  russian: 'Привет мир',
  quotes: `He said "it's" (maybe) AND NOT or: x* & y | !z <-> {col} near^2 -- \\ ' "`,
};

/** Queries that a query language could choke on. */
const ODD = [
  '"',
  "'",
  '" OR 1=1',
  'a"b',
  '*',
  'cat*',
  'NOT',
  'AND OR NOT',
  '(',
  ')',
  'cat AND',
  'NEAR(',
  '^',
  ':',
  'words:cat',
  '-',
  '--',
  '\\',
  '&',
  '|',
  '!',
  '<->',
  '!!! ???',
  '\u0000',
  '\ud800',
  '%',
  '_',
  '{',
  '🎉',
  "');--",
  'x'.repeat(500),
  '漢'.repeat(500),
  '(('.repeat(200),
];

export function noteSearchSuite({ notes }: NoteStores): void {
  beforeAll(async () => {
    for (const [name, content] of Object.entries(NOTES)) {
      const tags = name === 'dogs' ? ['animal'] : [];
      await notes().put({
        path: `found/${name}`,
        kind: 'written',
        content,
        tags,
        metadata: {},
        at: at(1),
      });
    }
  });
  const search = async (q: string, more: object = {}) => {
    const { items } = await notes().list({ q, limit: 50, ...more });
    return items.map(({ path }) => path.replace('found/', ''));
  };

  it('finds notes that hold every word, the best match first', async () => {
    expect(await search('cat')).toEqual(['cats', 'dogs']);
    expect(await search('Quick CAT')).toEqual(['cats', 'dogs']);
    expect(await search('quick cat dog')).toEqual(['dogs']);
    expect(await search('quick elephant')).toEqual([]);
    expect(await search('cat', { tag: 'animal' })).toEqual(['dogs']);
    expect(await search('cat', { path: 'found/c' })).toEqual(['cats']);
  });

  it('finds matches under some paths only, best first, and no place is taken by others', async () => {
    const matches = async (prefixes: string[], limit = 10) => {
      const found = await notes().matches({ q: 'cat', prefixes, limit });
      return found.map(({ path }) => path);
    };
    expect(await matches([''])).toEqual(['found/cats', 'found/dogs']);
    expect(await matches(['found/d', 'nowhere'], 1)).toEqual(['found/dogs']);
    expect(await matches(['found/cats', 'found/c'])).toEqual(['found/cats']);
    expect(await matches(['Found/', "found/c' or '1'='1", 'found%', 'found/c\u0000'])).toEqual([]);
    expect(await matches([])).toEqual([]);
    const ids = await notes().matches({ q: 'cat', prefixes: [''], limit: 10 });
    const wanted = [...ids.map(({ id }) => id).reverse(), 'note_gone'];
    expect((await notes().getMany(wanted)).map(({ path }) => path)).toEqual(['found/dogs', 'found/cats']);
    expect(await notes().getMany([])).toEqual([]);
  });

  it('finds words in any script, and parts of names', async () => {
    expect(await search('GRÖSSE')).toEqual([]);
    expect(await search('GRÖßE maße')).toEqual(['umlaut']);
    expect(await search('café')).toEqual(['umlaut']);
    expect(await search('cafe\u0301')).toEqual(['umlaut']);
    expect(await search('東京')).toEqual(['japanese']);
    expect(await search('МИР')).toEqual(['russian']);
    expect(await search('read_file')).toEqual(['dogs']);
    expect(await search('file')).toEqual(['dogs']);
    expect(await search('example.com')).toEqual(['dogs']);
    expect(await search('v1.2.3 1e5')).toEqual(['dogs']);
    expect(await search("it's maybe")).toEqual(['quotes']);
    expect(await search('not and or')).toEqual(['quotes']);
  });

  const odd = ODD.map((q) => [JSON.stringify(q).slice(0, 20), q] as const);
  it.each(odd)('takes the query %s as words and never as syntax', async (_name, q) => {
    const found = await search(q);
    expect(found.length).toBeLessThan(Object.keys(NOTES).length);
  });

  it('finds nothing where a query has no word', async () => {
    expect(await search('!!! ???')).toEqual([]);
  });

  it('forgets what a note held before', async () => {
    const note = { path: 'moving', kind: 'written' as const, tags: [], metadata: {}, at: at(2) };
    await notes().put({ ...note, content: 'zebra' });
    expect(await search('zebra')).toEqual(['moving']);
    await notes().put({ ...note, content: 'giraffe' });
    expect(await search('zebra')).toEqual([]);
    expect(await search('giraffe')).toEqual(['moving']);
  });

  it('pages through matches', async () => {
    for (const n of range(7)) {
      const content = `walrus ${'and '.repeat(n)}`;
      await notes().put({
        path: `w/${n}`,
        kind: 'written',
        content,
        tags: [],
        metadata: {},
        at: at(n),
      });
    }
    const { items, pages } = await allPages(3, (page) => notes().list({ q: 'walrus', ...page }));
    expect(items.map(({ path }) => path).sort()).toEqual(range(7).map((n) => `w/${n}`));
    expect(pages).toBe(3);
  });

  it('indexes a note of a million letters', async () => {
    const content = range(150_000)
      .map((n) => `w${n.toString(36)}`)
      .join(' ');
    await notes().put({ path: 'huge', kind: 'written', content, tags: [], metadata: {}, at: at(3) });
    expect(await search('wabc')).toEqual(['huge']);
  });
}
