import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contract/index.ts';
import { createListFiles } from '../../../src/tools/list-files.ts';
import { createReadFile } from '../../../src/tools/read-file.ts';
import { createSearchFiles } from '../../../src/tools/search-files.ts';
import type { Further, ToolContext } from '../../../src/tools/tool.ts';
import { createWriteFile } from '../../../src/tools/write-file.ts';
import { temporaryFolder, toolContext, toolErrorOf } from '../../support/tool-context.ts';

const readTool = createReadFile();
const writeTool = createWriteFile();
const listTool = createListFiles();
const searchTool = createSearchFiles();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workspace: string;
let context: ToolContext;

beforeEach(async () => {
  folder = await temporaryFolder();
  workspace = join(folder.path, 'workspace');
  await mkdir(workspace);
  context = toolContext(workspace);
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const inWorkspace = (path: string): string => join(workspace, path);

describe('what the policy denies in a folder', () => {
  it('is neither found nor listed, and that is said', async () => {
    for (const path of ['open/a.txt', 'locked/b.txt', 'asked/c.txt', 'other/d.txt']) {
      await writeTool.run({ path, content: 'canary' }, context);
    }
    const verdicts: Record<string, Further> = {
      locked: { gate: 'deny', rule: 'rules[0]', sameRule: false },
      'asked/c.txt': { gate: 'ask', rule: 'rules[1]', sameRule: false, approved: false },
      other: { gate: 'ask', rule: 'default', sameRule: false, approved: false },
    };
    const further = async () => (input: JsonObject) =>
      verdicts[String(input['path'])] ?? { gate: 'allow' as const };
    const found = await searchTool.run({ query: 'canary' }, { ...context, further });
    expect(found.split('\n').sort()).toEqual([
      '[left out: 2 files or folders that the policy does not allow here]',
      'open/a.txt:1: canary',
      'other/d.txt:1: canary',
    ]);
    const listed = await listTool.run({}, { ...context, further });
    expect(listed).toContain('open/a.txt');
    expect(listed).not.toMatch(/locked|c\.txt/);
  });
});

describe('write_file', () => {
  it('makes a file and its folders, and read_file reads it back', async () => {
    expect(await writeTool.run({ path: 'a/b/c.txt', content: 'Grüße\n' }, context)).toBe(
      'Wrote 8 bytes to a/b/c.txt.',
    );
    expect(await readTool.run({ path: 'a/b/c.txt' }, context)).toBe('Grüße\n');
  });

  it('replaces the content, keeps the permissions and leaves no temporary file', async () => {
    await writeFile(inWorkspace('run.sh'), 'old');
    await chmod(inWorkspace('run.sh'), 0o755);
    await writeTool.run({ path: './run.sh', content: 'new' }, context);
    expect(await readFile(inWorkspace('run.sh'), 'utf8')).toBe('new');
    expect((await stat(inWorkspace('run.sh'))).mode & 0o777).toBe(0o755);
    expect(await readdir(workspace)).toEqual(['run.sh']);
  });

  it('replaces a symbolic link itself and not what it points to', async () => {
    await writeFile(join(folder.path, 'outside.txt'), 'untouched');
    await symlink('../outside.txt', inWorkspace('link.txt'));
    await writeTool.run({ path: 'link.txt', content: 'inside' }, context);
    expect(await readFile(join(folder.path, 'outside.txt'), 'utf8')).toBe('untouched');
    expect(await readTool.run({ path: 'link.txt' }, context)).toBe('inside');
  });

  it.each(['../new.txt', 'link/new.txt', 'link/deep/new.txt', join('/tmp', 'new.txt')])(
    'refuses %s',
    async (path) => {
      await symlink('..', inWorkspace('link'));
      expect(await toolErrorOf(writeTool.run({ path, content: 'x' }, context))).toBeDefined();
      expect(await readdir(folder.path)).toEqual(['workspace']);
    },
  );

  it('refuses a folder in place of a file, and content over 1 MiB', async () => {
    await mkdir(inWorkspace('docs'));
    expect(await toolErrorOf(writeTool.run({ path: 'docs', content: '' }, context))).toMatchObject({
      code: 'is_a_folder',
    });
    const large = writeTool.run({ path: 'large', content: 'x'.repeat(1_048_577) }, context);
    expect(await toolErrorOf(large)).toMatchObject({ code: 'too_large' });
    expect(await readdir(workspace)).toEqual(['docs']);
  });
});

describe('read_file', () => {
  it.each([
    ['an absolute path', '/etc/hostname', 'path_outside_workspace'],
    ['a path that climbs', '../outside.txt', 'path_outside_workspace'],
    ['a path that climbs on the way', 'docs/../../outside.txt', 'path_outside_workspace'],
    ['a NUL character', 'a\0b', 'path_invalid'],
    ['the workspace itself', '.', 'path_invalid'],
    ['a link to a file outside', 'file-link', 'symlink_refused'],
    ['a link to a folder outside', 'folder-link/outside.txt', 'symlink_refused'],
    ['a missing file', 'nowhere/at-all.txt', 'not_found'],
    ['a folder', 'docs', 'is_a_folder'],
    ['a path through a file', 'plain.txt/inner', 'not_a_folder'],
    ['a binary file', 'picture.png', 'binary_file'],
    ['a file over 1 MiB', 'large.txt', 'too_large'],
  ])('refuses %s', async (_what, path, code) => {
    await writeFile(join(folder.path, 'outside.txt'), 'secret');
    await mkdir(inWorkspace('docs'));
    await writeFile(inWorkspace('plain.txt'), 'plain');
    await writeFile(inWorkspace('picture.png'), Buffer.from([0x89, 0x50, 0, 1]));
    await writeFile(inWorkspace('large.txt'), 'x'.repeat(1_048_577));
    await symlink(join(folder.path, 'outside.txt'), inWorkspace('file-link'));
    await symlink('..', inWorkspace('folder-link'));
    expect(await toolErrorOf(readTool.run({ path }, context))).toMatchObject({ code });
  });

  it('refuses a named pipe without waiting for a writer', async () => {
    await promisify(execFile)('mkfifo', [inWorkspace('pipe')]);
    expect(await toolErrorOf(readTool.run({ path: 'pipe' }, context))).toMatchObject({ code: 'not_a_file' });
  });

  it('names every problem of a wrong input', async () => {
    const error = await toolErrorOf(readTool.run({ path: 7, mode: 'r' }, context));
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain('path: ');
    expect(error.message).toContain('Unrecognized key: "mode"');
  });
});

describe('list_files', () => {
  it('lists everything below a folder and follows no link', async () => {
    await writeTool.run({ path: 'notes/today.md', content: 'x' }, context);
    await writeTool.run({ path: 'notes/old/1.md', content: 'x' }, context);
    await symlink('/', inWorkspace('root'));
    expect(await listTool.run({}, context)).toBe(
      ['notes/', 'notes/old/', 'notes/old/1.md', 'notes/today.md', 'root (symbolic link, not followed)'].join(
        '\n',
      ),
    );
    expect(await listTool.run({ path: 'notes/old' }, context)).toBe('notes/old/1.md');
    expect(await toolErrorOf(listTool.run({ path: 'root' }, context))).toMatchObject({
      code: 'symlink_refused',
    });
    expect(await toolErrorOf(listTool.run({ path: 'gone' }, context))).toMatchObject({ code: 'not_found' });
  });

  it('says so when the workspace is empty, and when it lists only the first 2,000', async () => {
    expect(await listTool.run({}, context)).toBe('The workspace is empty.');
    await Promise.all(Array.from({ length: 2_001 }, (_, index) => writeFile(inWorkspace(`f${index}`), '')));
    const lines = (await listTool.run({}, context)).split('\n');
    expect(lines).toHaveLength(2_001);
    expect(lines.at(-1)).toBe('[only the first 2000 entries; list a folder further down]');
  });
});

describe('search_files', () => {
  it('finds lines in any case, in text files only, and not through links', async () => {
    await writeFile(join(folder.path, 'outside.txt'), 'needle outside');
    await symlink('../outside.txt', inWorkspace('link.txt'));
    await writeFile(inWorkspace('a.txt'), 'one\nA Needle here\n');
    await writeFile(inWorkspace('b.bin'), Buffer.from('needle\0'));
    await mkdir(inWorkspace('sub'));
    await writeFile(inWorkspace('sub/c.txt'), 'needle\r\nneedle');
    expect(await searchTool.run({ query: 'NEEDLE' }, context)).toBe(
      ['a.txt:2: A Needle here', 'sub/c.txt:1: needle', 'sub/c.txt:2: needle'].join('\n'),
    );
    expect(await searchTool.run({ query: 'needle', path: 'a.txt' }, context)).toBe('a.txt:2: A Needle here');
    expect(await searchTool.run({ query: 'needle', path: 'sub' }, context)).toContain('sub/c.txt:2');
    expect(await searchTool.run({ query: 'thread' }, context)).toBe('No line contains "thread".');
  });

  it('stops at 200 matches and says so', async () => {
    await writeFile(inWorkspace('many.txt'), 'hit\n'.repeat(500));
    const lines = (await searchTool.run({ query: 'hit' }, context)).split('\n');
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toContain('only the first 200 matches');
  });

  it('stops when the turn is cancelled', async () => {
    await writeFile(inWorkspace('a.txt'), 'x');
    const cancelled = toolContext(workspace, AbortSignal.abort(new Error('cancelled')));
    await expect(searchTool.run({ query: 'x' }, cancelled)).rejects.toThrow('cancelled');
  });
});
