import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { importDefinitions } from '../../../src/agents/import-definitions.ts';
import { watchDefinitions } from '../../../src/agents/watch-definitions.ts';
import { createSchemaChecker } from '../../../src/tools/schema-checker.ts';
import { createInMemoryAgentStore } from '../../support/in-memory-agent-store.ts';
import { poll } from '../../support/poll.ts';
import { temporaryFolder } from '../../support/tool-context.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let lines: Record<string, unknown>[];
let deps: Parameters<typeof importDefinitions>[0] & { store: ReturnType<typeof createInMemoryAgentStore> };

beforeEach(async () => {
  folder = await temporaryFolder();
  lines = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  const store = createInMemoryAgentStore();
  const schemas = createSchemaChecker();
  deps = {
    dir: folder.path,
    store,
    toolNames: ['read_file'],
    schemas,
    log,
    now: () => new Date('2030-01-01'),
  };
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const define = (name: string, text: string) => writeFile(join(folder.path, name), text);
const good = (description: string) => `---\nmodel: a/b\ndescription: ${description}\n---\nText`;

describe('importDefinitions', () => {
  it('takes over new and changed files, and passes over others', async () => {
    await define('one.md', good('first'));
    await define('two.md', good('second'));
    await define('README.md', '# About');
    await define('notes.txt', 'x');
    expect(await importDefinitions(deps)).toEqual({
      imported: ['one.md', 'two.md'],
      unchanged: [],
      refused: [],
      retired: [],
    });
    await define('two.md', good('changed'));
    expect(await importDefinitions(deps)).toMatchObject({ imported: ['two.md'], unchanged: ['one.md'] });
    expect(await deps.store.get('two')).toMatchObject({ description: 'changed', source: 'file' });
  });

  it('logs every problem of a bad file and leaves the definition before it in force', async () => {
    await define('one.md', good('first'));
    await importDefinitions(deps);
    await define('one.md', '---\nmodel: wrong\ntools: [fly]\n---\n');
    const report = await importDefinitions(deps);
    expect(report.refused).toMatchObject([
      { file: 'one.md', problems: [{ path: 'model' }, { path: 'tools.0' }] },
    ]);
    expect(lines.at(-1)).toMatchObject({ level: 50, file: 'one.md', problems: report.refused[0]?.problems });
    expect(await deps.store.get('one')).toMatchObject({ description: 'first' });
  });

  it('refuses a file that is too large', async () => {
    await define('large.md', good('x'.repeat(1_100_000)));
    expect((await importDefinitions(deps)).refused).toMatchObject([{ file: 'large.md' }]);
  });

  it('retires an agent whose file is gone, says so, and takes the same file over again', async () => {
    await define('one.md', good('first'));
    await define('two.md', '---\nmodel: wrong\n---\n');
    await importDefinitions(deps);
    await rm(join(folder.path, 'one.md'));

    expect((await importDefinitions(deps)).retired).toEqual(['one']);
    expect(await deps.store.get('one')).toBeUndefined();
    expect(lines.at(-1)).toMatchObject({ level: 40, agent: 'one', msg: expect.stringContaining('retired') });
    await define('one.md', good('first'));
    expect((await importDefinitions(deps)).imported).toEqual(['one.md']);
  });

  it('retires nobody where a file is bad or the folder cannot be read', async () => {
    await define('one.md', good('first'));
    await importDefinitions(deps);
    await define('one.md', 'no front matter');
    expect((await importDefinitions(deps)).retired).toEqual([]);
    await rm(folder.path, { recursive: true });
    expect((await importDefinitions(deps)).retired).toEqual([]);
    expect(await deps.store.get('one')).toBeDefined();
  });

  it('takes over a file that is put back after the agent was deleted, and no other', async () => {
    deps.now = () => new Date();
    await define('one.md', good('first'));
    await importDefinitions(deps);
    await deps.store.delete('one', new Date(Date.now() + 1_000).toISOString());
    expect((await importDefinitions(deps)).unchanged).toEqual(['one.md']);
    await deps.store.delete('one', new Date(0).toISOString());
    await rm(join(folder.path, 'one.md'));
    await define('one.md', good('first'));
    expect((await importDefinitions(deps)).imported).toEqual(['one.md']);
  });

  const problemOf = async (bytes: Uint8Array) => {
    await writeFile(join(folder.path, 'one.md'), bytes);
    const { refused } = await importDefinitions(deps);
    return refused[0]?.problems[0]?.message;
  };

  it.each([
    [
      'Windows-1252',
      Buffer.from(good('Gr\u00fc\u00dfe'), 'latin1'),
      /not in UTF-8 but in Windows-1252.*line 3, byte 0xfc/,
    ],
    [
      'UTF-16 with a mark',
      Buffer.from(`\ufeff${good('x')}`, 'utf16le'),
      /in UTF-16 \(little endian\).*save it as UTF-8/,
    ],
    ['UTF-16 without one', Buffer.from(good('x'), 'utf16le'), /in UTF-16 \(little endian\)/],
    [
      'UTF-16 the other way round',
      Buffer.from(`\ufeff${good('x')}`, 'utf16le').swap16(),
      /in UTF-16 \(big endian\)/,
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x2d, 0, 0, 0]), /in UTF-32/],
    ['something else', Buffer.from([0x2d, 0x81, 0x8d]), /in another encoding.*line 1, byte 0x81/],
  ])('refuses a file in %s by the name of its encoding', async (_, bytes, message) => {
    expect(await problemOf(bytes)).toMatch(message);
    expect(await deps.store.get('one')).toBeUndefined();
  });

  it('takes a file with U+FFFD or a byte order mark in it as it is', async () => {
    expect(await problemOf(Buffer.from(`\ufeff${good('a \ufffd')}`))).toBeUndefined();
    expect(await deps.store.get('one')).toMatchObject({ description: 'a \ufffd' });
  });

  it('warns of a missing folder and goes on', async () => {
    await rm(folder.path, { recursive: true });
    expect(await importDefinitions(deps)).toEqual({
      imported: [],
      unchanged: [],
      refused: [],
      retired: [],
    });
    expect(lines).toMatchObject([{ level: 40, dir: folder.path }]);
    await using _watch = watchDefinitions(deps);
    expect(lines).toHaveLength(2);
  });
});

describe('watchDefinitions', () => {
  const described = (description: string) => async () =>
    (await deps.store.get('one'))?.description === description;

  it('imports a file that is written, changed, or moved into place, until it is released', async () => {
    const watching = watchDefinitions(deps);
    await define('one.md', good('first'));
    await poll(described('first'), { what: 'the new file is imported' });
    await define('one.md', good('second'));
    await poll(described('second'), { what: 'the change is imported' });
    await define('one.tmp', good('third'));
    await rename(join(folder.path, 'one.tmp'), join(folder.path, 'one.md'));
    await poll(described('third'), { what: 'the moved file is imported' });
    await watching[Symbol.asyncDispose]();
  });

  it('logs when the store fails, and tries again at the next change', async () => {
    await using _watch = watchDefinitions(deps);
    deps.store.failNext(new Error('database is locked'));
    await define('one.md', good('first'));
    await poll(() => lines.some((line) => line['level'] === 50), { what: 'the failure is logged' });
    await define('one.md', good('second'));
    await poll(described('second'), { what: 'the change is imported' });
  });
});
