import { expect, it } from '@jest/globals';
import { allPages, at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function notesSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

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
    const made = await store().notes.put(written('plans/2026', { metadata: { by: 'ada' } }));
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
    const changed = await store().notes.put(
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
    expect(await store().notes.get(made.id)).toEqual(changed);
    expect(await store().notes.get('nobody')).toBeUndefined();
  });

  it('writes nothing for an execution that another one has taken the place of', async () => {
    const intent = { callId: 'noting', turnId: 't', tool: 'write_note', at: at(1), again: true };
    const as = (execution: number, content: string) =>
      store().notes.putAs({ callId: 'noting', execution }, written('fenced', { content }));
    await store().ledger.begin(intent);
    await other().ledger.begin(intent);
    expect(await as(1, 'the first one woke late')).toBeUndefined();
    expect(await as(2, 'right')).toMatchObject({ content: 'right', revision: 1 });
    await store().ledger.settle('noting', { content: 'done' }, at(2), 2);
    expect(await as(2, 'after its end')).toBeUndefined();
    const { items } = await store().notes.list({ path: 'fenced', limit: 5 });
    expect(items).toMatchObject([{ content: 'right', revision: 1 }]);
  });

  it('lists newest change first, by tag and by path prefix', async () => {
    for (const [n, path] of ['log/a', 'log/b%_', 'LOG/c', 'logbook', 'log/日本'].entries()) {
      await store().notes.put(written(path, { tags: n % 2 ? ['odd', 'log'] : ['log'], at: at(100 + n) }));
    }
    await store().notes.put(written('log/a', { tags: ['retagged'], at: at(200) }));
    const paths = async (query: object) =>
      (await allPages(2, (page) => store().notes.list({ ...query, ...page }))).items.map(({ path }) => path);
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
    const note = await store().notes.put(written('odd', { content, metadata: { 'k\u0000': ['\udfff'] } }));
    expect((await store().notes.get(note.id))?.content).toBe(content);
    expect((await store().notes.get(note.id))?.metadata).toEqual({ 'k\u0000': ['\udfff'] });
  });

  it('makes one note when many write a new path at once', async () => {
    const notes = await Promise.all(
      range(10).map((n) => (n % 2 ? store() : other()).notes.put(written('raced', { content: `v${n}` }))),
    );
    expect(new Set(notes.map(({ id }) => id)).size).toBe(1);
    expect(notes.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(range(10).map((n) => n + 1));
  });
}
