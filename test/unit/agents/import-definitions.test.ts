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

  it('warns of a missing folder and goes on', async () => {
    await rm(folder.path, { recursive: true });
    expect(await importDefinitions(deps)).toEqual({ imported: [], unchanged: [], refused: [] });
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
