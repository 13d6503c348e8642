import { expect, it } from '@jest/globals';
import type { Note } from '../../../src/contract/index.ts';
import type { ThreadRecord } from '../../../src/notes/note-store.ts';
import { at } from './fixtures.ts';
import type { NoteStores } from './note-stores.ts';

/** How a note store takes the records of sessions: each version once, none behind a newer one. */
export function noteRecordsSuite({ notes, other }: NoteStores): void {
  const written = (name: string, version: number, changes: object = {}): ThreadRecord => ({
    path: `Threads/scribe/${name}`,
    version,
    change: 'written',
    content: `Version ${version} of ${name}`,
    tags: ['thread', 'scribe'],
    metadata: { version },
    at: at(version),
    ...changes,
  });
  const shortened = (name: string, version: number): ThreadRecord => ({
    path: `Threads/scribe/${name}`,
    version,
    change: 'shortened',
    content: `Shortened ${name}`,
  });
  const removed = (name: string, version: number): ThreadRecord => ({
    path: `Threads/scribe/${name}`,
    version,
    change: 'removed',
  });
  const note = async (name: string): Promise<Note | undefined> =>
    (await notes().list({ path: `Threads/scribe/${name}`, limit: 1 })).items[0];

  it('makes a note of the kind thread, and counts the revisions of later versions', async () => {
    await notes().record(written('made', 1));
    const made = await note('made');
    expect(made).toMatchObject({ kind: 'thread', revision: 1, createdAt: at(1), tags: ['thread', 'scribe'] });
    await other().record(written('made', 7));
    expect(await note('made')).toEqual({
      ...made,
      content: 'Version 7 of made',
      metadata: { version: 7 },
      revision: 2,
      updatedAt: at(7),
    });
    expect((await notes().list({ q: 'version 7 made', limit: 5 })).items).toHaveLength(1);
    expect((await notes().list({ q: 'version 1 made', limit: 5 })).items).toEqual([]);
  });

  it('takes a version once, and none behind a newer one', async () => {
    await notes().record(written('once', 5));
    const once = await note('once');
    await other().record(written('once', 5, { content: 'the same again' }));
    await notes().record(written('once', 4));
    await notes().record(shortened('once', 5));
    await notes().record(removed('once', 3));
    expect(await note('once')).toEqual(once);
    expect((await notes().list({ q: 'again', limit: 5 })).items).toEqual([]);
  });

  it('takes versions as large as milliseconds of an instant', async () => {
    const version = Date.parse(at(0));
    await notes().record(written('late', version));
    await notes().record(written('late', version + 1, { content: 'newer' }));
    await notes().record(written('late', version));
    expect(await note('late')).toMatchObject({ content: 'newer', revision: 2 });
  });

  it('leaves tags that somebody has added, and a record that somebody has put takes the next version', async () => {
    await notes().record(written('tagged', 1));
    await notes().put({
      path: 'Threads/scribe/tagged',
      kind: 'written',
      content: 'put',
      tags: ['keep'],
      metadata: {},
      at: at(2),
    });
    await notes().record(written('tagged', 2));
    expect(await note('tagged')).toMatchObject({ tags: ['keep'], kind: 'thread', revision: 3 });
    expect((await notes().list({ tag: 'keep', limit: 5 })).items).toHaveLength(1);
  });

  it('shortens a record without counting it as a change, and makes none for it', async () => {
    await notes().record(written('short', 1, { content: 'a secret' }));
    const before = await note('short');
    await notes().record(shortened('short', 2));
    expect(await note('short')).toEqual({ ...before, content: 'Shortened short' });
    expect((await notes().list({ q: 'secret', limit: 5 })).items).toEqual([]);
    await notes().record(shortened('nowhere', 2));
    expect(await note('nowhere')).toBeUndefined();
  });

  it('removes a record, also from the search, and no note that is none', async () => {
    await notes().record(written('gone', 1, { content: 'unicorn' }));
    await notes().record(removed('gone', 2));
    await notes().record(removed('gone', 2));
    expect(await note('gone')).toBeUndefined();
    expect((await notes().list({ q: 'unicorn', limit: 5 })).items).toEqual([]);
    const own = { kind: 'written' as const, content: 'x', tags: [], metadata: {}, at: at(1) };
    await notes().put({ ...own, path: 'Threads/scribe/own' });
    await notes().record(removed('own', 9));
    expect(await note('own')).toMatchObject({ kind: 'written' });
  });

  it('drops notes that nobody changed for long, also from the search', async () => {
    const old = { kind: 'written' as const, content: 'zebra', tags: ['t'], metadata: {} };
    await notes().put({ ...old, path: 'Old/one', at: at(-5_000) });
    await notes().put({ ...old, path: 'New/one', at: at(5_000) });
    while ((await notes().dropBefore(at(-4_000), 1)) > 0);
    const { items } = await notes().list({ q: 'zebra', limit: 10 });
    expect(items.map(({ path }) => path)).toEqual(['New/one']);
  });
}
