import { expect, it } from '@jest/globals';
import { allPages, at, range } from './fixtures.ts';
import type { NoteStores } from './note-stores.ts';

export function notesSuite({ notes, other, ledger, otherLedger }: NoteStores): void {
  const written = (path: string, changes: object = {}) => ({
    path,
    kind: 'written' as const,
    content: `Content of ${path}`,
    tags: ['draft'],
    metadata: {},
    at: at(0),
    ...changes,
  });

  it('makes a note and counts its revisions', async () => {
    const made = await notes().put(written('plans/2026', { metadata: { by: 'ada' } }));
    expect(made).toEqual({
      id: made.id,
      path: 'plans/2026',
      kind: 'written',
      content: 'Content of plans/2026',
      tags: ['draft'],
      metadata: { by: 'ada' },
      revision: 1,
      createdAt: at(0),
      updatedAt: at(0),
    });
    expect(made.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const changed = await notes().put(
      written('plans/2026', { content: 'New', tags: ['final', 'q1'], at: at(9) }),
    );
    expect(changed).toEqual({
      ...made,
      content: 'New',
      tags: ['final', 'q1'],
      metadata: {},
      revision: 2,
      updatedAt: at(9),
    });
    expect(await notes().get(made.id)).toEqual(changed);
    expect(await notes().get('nobody')).toBeUndefined();
  });

  it('writes nothing for an execution that another one has taken the place of', async () => {
    const intent = { callId: 'noting', turnId: 't', tool: 'write_note', at: at(1), again: true };
    const as = (execution: number, content: string) =>
      notes().putAs({ callId: 'noting', execution }, written('fenced', { content }));
    await ledger().begin(intent);
    await otherLedger().begin(intent);
    expect(await as(1, 'the first one woke late')).toBeUndefined();
    expect(await as(2, 'right')).toMatchObject({ content: 'right', revision: 1 });
    await ledger().settle('noting', { content: 'done' }, at(2), 2);
    expect(await as(2, 'after its end')).toBeUndefined();
    const { items } = await notes().list({ path: 'fenced', limit: 5 });
    expect(items).toMatchObject([{ content: 'right', revision: 1 }]);
  });

  it('lists newest change first, by tag and by path prefix', async () => {
    for (const [n, path] of ['log/a', 'log/b%_', 'LOG/c', 'logbook', 'log/日本'].entries()) {
      await notes().put(written(path, { tags: n % 2 ? ['odd', 'log'] : ['log'], at: at(100 + n) }));
    }
    await notes().put(written('log/a', { tags: ['retagged'], at: at(200) }));
    const paths = async (query: object) =>
      (await allPages(2, (page) => notes().list({ ...query, ...page }))).items.map(({ path }) => path);
    expect(await paths({ path: 'log/' })).toEqual(['log/a', 'log/日本', 'log/b%_']);
    expect(await paths({ path: 'log/b%' })).toEqual(['log/b%_']);
    expect(await paths({ path: 'log\u0000' })).toEqual([]);
    expect(await paths({ tag: 'log' })).toEqual(['log/日本', 'logbook', 'LOG/c', 'log/b%_']);
    expect(await paths({ tag: 'odd', path: 'logb' })).toEqual(['logbook']);
    expect(await paths({ tag: 'retagged' })).toEqual(['log/a']);
    expect((await paths({})).slice(0, 2)).toEqual(['log/a', 'log/日本']);
  });

  it('keeps large and odd contents as they came', async () => {
    const content = `\u0000\ud800 ${'wörter 🎉 '.repeat(60_000)}`;
    const note = await notes().put(written('odd', { content, metadata: { 'k\u0000': ['\udfff'] } }));
    expect((await notes().get(note.id))?.content).toBe(content);
    expect((await notes().get(note.id))?.metadata).toEqual({ 'k\u0000': ['\udfff'] });
  });

  it('makes one note when many write a new path at once', async () => {
    const raced = await Promise.all(
      range(10).map((n) => (n % 2 ? notes() : other()).put(written('raced', { content: `v${n}` }))),
    );
    expect(new Set(raced.map(({ id }) => id)).size).toBe(1);
    expect(raced.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(range(10).map((n) => n + 1));
  });
}
