import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NoteStore } from '../../../src/store/store.ts';
import { createSearchNotes } from '../../../src/tools/search-notes.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { createWriteNote } from '../../../src/tools/write-note.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

const context = toolContext('/nowhere');
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

  it.each(['Threads/tester/session-1', 'threads/x', 'Threads'])(
    'refuses the reserved path %s',
    async (path) => {
      const error = await toolErrorOf(writeNote.run({ path, content: '' }, context));
      expect(error).toMatchObject({ code: 'path_reserved' });
    },
  );

  it.each(['../x', 'a//b', '/a', ''])('refuses the path "%s"', async (path) => {
    const error = await toolErrorOf(writeNote.run({ path, content: '' }, context));
    expect(error).toMatchObject({ code: 'input_invalid' });
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
      'No note contains every word of "absent".',
    );
  });
});
