import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NoteStore } from '../../../src/notes/note-store.ts';
import { createSearchNotes } from '../../../src/tools/search-notes.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { createWriteNote } from '../../../src/tools/write-note.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

const signal = new AbortController().signal;
/** An agent that may read and write every note. */
const context = toolContext('/nowhere', signal, { notes: { read: ['**'], write: ['**'] } });
/** One whose definition says nothing of notes; its name is `tester`. */
const own = toolContext('/nowhere');
const AT = '2030-01-02T03:04:05.000Z';
/** Paths of the notes that a search told of. */
const pathsIn = (told: string) => told.split('\n\n').map((entry) => entry.split(' ')[0]);

let notes: NoteStore;
let writeNote: Tool;
let searchNotes: Tool;

beforeEach(() => {
  notes = createInMemoryNoteStore();
  writeNote = createWriteNote({ notes, now: () => new Date('2030-01-02T03:04:05Z') });
  searchNotes = createSearchNotes({ notes });
});

describe('write_note', () => {
  it('writes a note with its origin, and replaces the one at the same path', async () => {
    const input = { path: 'Projects/launch', content: 'Ship it', tags: ['plan', 'plan'] };
    expect(await writeNote.run(input, context)).toBe('Wrote note Projects/launch (revision 1).');
    expect(await writeNote.run(input, context)).toBe('Wrote note Projects/launch (revision 2).');
    const { items } = await notes.list({ limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      kind: 'written',
      content: 'Ship it',
      tags: ['plan'],
      metadata: { agent: 'tester', sessionId: 'session-1', turnId: 'turn-1' },
      updatedAt: '2030-01-02T03:04:05.000Z',
    });
  });

  it.each(['Threads/tester/session-1', 'threads/x', 'Threads', '\uFF34hreads/x', 'Thread\u017F/x'])(
    'refuses the reserved path %s, whatever its globs are',
    async (path) => {
      const error = await toolErrorOf(writeNote.run({ path, content: '' }, context));
      expect(error).toMatchObject({ code: 'path_reserved' });
    },
  );

  it('writes where its agent may, and tells the model where that is', async () => {
    expect(await writeNote.run({ path: 'Notes/tester/a/b', content: '' }, own)).toContain('Notes/tester/a/b');
    const shared = toolContext('/nowhere', signal, { notes: { write: ['Shared/*', 'Projects/**'] } });
    expect(await writeNote.run({ path: 'Shared/plan', content: '' }, shared)).toContain('Shared/plan');
    const error = await toolErrorOf(writeNote.run({ path: 'Notes/tester/x', content: '' }, shared));
    expect(error).toMatchObject({ code: 'note_not_allowed' });
    expect(error.message).toContain('Shared/*, Projects/**');
  });

  it.each([
    'Notes/other/x',
    'Notes/tester2/x',
    'notes/tester/x',
    'Notes/Tester/x',
    'Notes/tester\\..\\other',
    'Notes',
    'x/Notes/tester/x',
    '\uFF2Eotes/tester/x',
    'Notes/te\u0455ter/x',
    'Projects/launch',
  ])('does not write at "%s", which is not its own', async (path) => {
    const error = await toolErrorOf(writeNote.run({ path, content: '' }, own));
    expect(error).toMatchObject({ code: 'note_not_allowed' });
    expect(error.message).toContain('Notes/tester/**');
    expect(await notes.matches({ q: 'x', prefixes: [''], limit: 10 })).toEqual([]);
  });

  it.each([
    'Notes/tester/../other/x',
    'Notes/tester/./x',
    'Notes//tester/x',
    'Notes/tester/cafe\u0301',
    'Notes/tester/a\nb',
    'Notes/tester/\u0000',
    'Notes/tester/\ud800',
    '../x',
    'a//b',
    '/a',
    '',
  ])('refuses the path %j', async (path) => {
    const error = await toolErrorOf(writeNote.run({ path, content: '' }, context));
    expect(error).toMatchObject({ code: 'invalid_input' });
  });
});

describe('search_notes', () => {
  it('lists matches with path, tags and the part that matches', async () => {
    const content = `${'before '.repeat(50)}the Launch is on Friday${' after'.repeat(100)}`;
    await writeNote.run({ path: 'Projects/launch', content, tags: ['plan'] }, context);
    await writeNote.run({ path: 'Other', content: 'nothing here' }, context);
    const result = await searchNotes.run({ query: 'launch friday' }, context);
    expect(result).toMatch(
      /^Projects\/launch \[plan\] \(2030-01-02T03:04:05\.000Z\)\n {2}….*Launch is on Friday.*…$/,
    );
    expect(result).not.toContain('Other');
  });

  it('keeps to the limit, and says so when nothing matches', async () => {
    for (const path of ['a', 'b', 'c']) await writeNote.run({ path, content: 'same word' }, context);
    expect((await searchNotes.run({ query: 'word', limit: 2 }, context)).split('\n\n')).toHaveLength(2);
    expect(await searchNotes.run({ query: 'absent' }, context)).toBe(
      'No note contains every word of "absent", of those that this agent may read (**).',
    );
  });

  it('finds notes of its own, and records of its own sessions, and is not told of any other', async () => {
    const put = (path: string) => writeNote.run({ path, content: 'same word' }, context);
    for (const path of ['Notes/tester/a', 'Notes/tester2/b', 'notes/tester/c', 'Projects/d']) await put(path);
    const record = { kind: 'thread' as const, content: 'same word', tags: [], metadata: {}, at: AT };
    await notes.put({ ...record, path: 'Threads/tester/s1' });
    await notes.put({ ...record, path: 'Threads/other/s2' });
    expect(pathsIn(await searchNotes.run({ query: 'word' }, own))).toEqual([
      'Threads/tester/s1',
      'Notes/tester/a',
    ]);
    const projects = toolContext('/nowhere', signal, { notes: { read: ['Projects/*'] } });
    expect(pathsIn(await searchNotes.run({ query: 'word' }, projects))).toEqual(['Projects/d']);
  });

  it('gives no place to notes that it may not read', async () => {
    await writeNote.run({ path: 'Notes/tester/mine', content: 'word' }, context);
    for (let n = 0; n < 60; n += 1) await writeNote.run({ path: `Other/${n}`, content: 'word' }, context);
    expect(pathsIn(await searchNotes.run({ query: 'word', limit: 1 }, own))).toEqual(['Notes/tester/mine']);
    const ends = toolContext('/nowhere', signal, { notes: { read: ['**/mine'] } });
    expect(pathsIn(await searchNotes.run({ query: 'word', limit: 1 }, ends))).toEqual(['Notes/tester/mine']);
  });

  it('says the same where nothing matches as where nothing that matches may be read', async () => {
    await writeNote.run({ path: 'Other/x', content: 'present' }, context);
    const said = async (query: string) => (await searchNotes.run({ query }, own)).replace(query, 'QUERY');
    expect(await said('present')).toBe(await said('absent'));
    const none = toolContext('/nowhere', signal, { notes: { read: [] } });
    expect(await searchNotes.run({ query: 'present' }, none)).toContain('may read (none)');
  });
});
