import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import type { StoreContext } from '../../src/store/context.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Database } from '../../src/store/schema.ts';
import { checkSqliteFile } from '../../src/store/sqlite-check.ts';
import { createSqliteDialects } from '../../src/store/sqlite-driver.ts';
import { STORE_MINOR } from '../../src/store/store-version.ts';
import { createLedger } from '../../src/store/turn/ledger.ts';
import { notesOf } from '../support/notes-of.ts';
import { asReleaseLeftIt } from '../support/released-store.ts';
import { at, completed, DIGESTS, newTurn, range } from './store-suite/fixtures.ts';

/** Makes the databases that it is told to, in a thread of its own. As the store does, it tries again where a reader is in its way. */
const MAKER = `
const { parentPort } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
parentPort.on('message', (file) => {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  while (!isWal(database));
  database.exec('create table t (x); insert into t values (1)');
  database.close();
  parentPort.postMessage('made');
});
function isWal(database) {
  try {
    return database.exec('pragma journal_mode = wal'), true;
  } catch (error) {
    if (error.errcode !== 5) throw error;
    return false;
  }
}
`;

const WRITER = join(import.meta.dirname ?? join(process.cwd(), 'test/adapters'), '../support/admit-turns.ts');

describe('the file of a SQLite store', () => {
  let folder: string;
  let file: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longturn-file-'));
  });
  beforeEach(async () => {
    files += 1;
    await mkdir(join(folder, String(files)));
    file = join(folder, String(files), 'longturn.db');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = () => createStore({ kind: 'sqlite', file });
  const seeded = async () => {
    const store = await open();
    for (const n of range(50)) await store.turns.admit(newTurn(`t-${n}`, { input: 'x'.repeat(2_000) }));
    await store[Symbol.asyncDispose]();
    return readFile(file);
  };
  const write = (prefix: string, count: number): ChildProcess =>
    spawn(process.execPath, [WRITER, file, prefix, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });

  it('keeps everything over a restart, also what the note store does not have yet', async () => {
    const store = await open();
    await store.turns.admit(newTurn('t'));
    await store.turns.begin('t', DIGESTS, at(1));
    const { turn } = await store.turns.end(completed('t'));
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await using reopened = await open();
    expect(await reopened.turns.get('t')).toEqual(turn);
    const { notes, noteDelivery } = notesOf(reopened);
    await using _delivery = noteDelivery;
    expect((await notes.list({ q: 'output', limit: 5 })).items).toHaveLength(1);
  });

  it.each([
    [
      'was used by an earlier version',
      `insert into tokens values ('tok', 'admin', '[]', 'hash', '', null, null);
       insert into sessions values ('s', 'scribe', '', '', 5, 3, 2, 0, 0, 0)`,
      false,
    ],
    ['was made by an earlier version and never used', 'select 1', true],
  ])('a store that %s has the names of its turns', async (_name, use, inNames) => {
    await (await open())[Symbol.asyncDispose]();
    await asReleaseLeftIt(file, '0.2.0');
    const database = new DatabaseSync(file);
    database.exec(use);
    database.close();
    const [one, two] = await Promise.all([open(), open()]);
    await using _one = one;
    await using _two = two;
    expect(await one.installation.get()).toMatchObject({ inNames });
    expect((await one.turns.counts()).turns).toEqual(inNames ? {} : { completed: 3, failed: 2 });
    expect(await two.installation.get()).toEqual(await one.installation.get());
  });

  it('waits for the disk with the intent of a tool that is executed once, and with nothing else', async () => {
    await (await open())[Symbol.asyncDispose]();
    const { dialect, durable } = createSqliteDialects(new DatabaseSync(file), file);
    const waited: string[] = [];
    const db = new Kysely<Database>({ dialect });
    const durably = new Kysely<Database>({
      dialect: durable,
      log: ({ query }) => void waited.push(query.sql),
    });
    const levels = await Promise.all(
      [durably, db, durably].map(async (each) => (await sql`pragma synchronous`.execute(each)).rows),
    );
    expect(levels).toEqual([[{ synchronous: 2 }], [{ synchronous: 1 }], [{ synchronous: 2 }]]);

    waited.length = 0;
    const ledger = createLedger({ db, durable: { db: durably } } as StoreContext);
    const intent = { turnId: 't', tool: 'run_command', at: at(1) };
    await ledger.begin({ ...intent, callId: 'often', again: true });
    expect(waited).toEqual([]);
    await ledger.begin({ ...intent, callId: 'once', again: false });
    expect(waited).toEqual([expect.stringMatching(/^insert into "ledger"/)]);
    await db.destroy();
  });

  const damages: [string, (sound: Buffer) => Buffer][] = [
    ['is no database at all', () => Buffer.from('This is a letter to my aunt.\n'.repeat(100))],
    ['is very short', () => Buffer.from('x')],
    ['has a broken header', (sound) => Buffer.concat([Buffer.from('garbage!'), sound.subarray(8)])],
    ['is cut off', (sound) => sound.subarray(0, Math.floor(sound.length / 2))],
    ['has pages written over', (sound) => Buffer.from(sound).fill(0xa5, 8_192, sound.length - 4_096)],
  ];
  it.each(damages)('says what is wrong when it %s, and changes nothing', async (_name, damage) => {
    const damaged = damage(await seeded());
    await writeFile(file, damaged);
    const before = await stat(file);
    const attempt = open();
    await expect(attempt).rejects.toMatchObject({ name: 'StoreError', fault: 'damaged' });
    await expect(attempt).rejects.toThrow(`The database file ${file} is damaged`);
    expect((await readFile(file)).equals(damaged)).toBe(true);
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
    expect((await readdir(join(file, '..'))).sort()).toEqual(['longturn.db']);
  });

  it('is not called damaged while another process makes it', async () => {
    const maker = new Worker(MAKER, { eval: true });
    const complaints: unknown[] = [];
    for (const n of range(100)) {
      const made = once(maker, 'message').then(() => true);
      maker.postMessage(`${file}-${n}`);
      while (!(await Promise.race([made, checkSqliteFile(`${file}-${n}`).catch(complain)])));
    }
    await maker.terminate();
    expect(complaints).toEqual([]);

    function complain(error: unknown): void {
      complaints.push(error);
    }
  }, 120_000);

  it('says what is wrong when it cannot be opened', async () => {
    file = join(file, 'in', 'no', 'folder.db');
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', fault: 'unavailable' });
  });

  it('says so when a newer version made it that it cannot use, and changes nothing', async () => {
    await seeded();
    const database = new DatabaseSync(file);
    database.exec(`insert into kysely_migration values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')`);
    database.exec(`update store_versions set version = '9.9', usable_since = '9.8'`);
    database.close();
    await expect(open()).rejects.toMatchObject({ name: 'StoreError', fault: 'newer' });
    await expect(open()).rejects.toThrow('made by a newer version of Longturn');
  });

  it('is used as it is when a version one minor ahead added to it', async () => {
    await seeded();
    const database = new DatabaseSync(file);
    database.exec(`insert into kysely_migration values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')`);
    database.exec(`update store_versions set version = '9.9', usable_since = '${STORE_MINOR}'`);
    database.exec(
      `alter table turns add column mood text; alter table workers add column shift integer default 3;`,
    );
    database.exec('create table moods (id text primary key)');
    database.close();
    {
      await using store = await open();
      expect(await store.turns.admit(newTurn('on-it'))).toMatchObject({ outcome: 'created' });
      await store.workers.beat('old', '2030-01-01T00:00:00.000Z');
    }
    using after = new DatabaseSync(file);
    // The newer version's word stays in force.
    expect(after.prepare('select version from store_versions').all()).toEqual([{ version: '9.9' }]);
    expect(after.prepare('select shift from workers').all()).toEqual([{ shift: 3 }]);
  });

  it('waits while another process writes, and readers go on meanwhile', async () => {
    await using store = await open();
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const admission = store.turns.admit(newTurn('waits'));
    expect(await store.turns.get('waits')).toBeUndefined();
    other.exec('rollback');
    expect(await admission).toMatchObject({ outcome: 'created' });
    other.close();
  });

  it('is shared by processes that start at once and write at the same time', async () => {
    const writers = ['a', 'b', 'c'].map((prefix) => write(prefix, 100));
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    await using store = await open();
    for (const n of range(5)) {
      const turns = await store.sessions.turns(`shared-${n}`);
      expect(turns.map(({ ordinal }) => ordinal)).toEqual(range(60).map((place) => place + 1));
      expect(turns.filter(({ state }) => state === 'starting')).toHaveLength(1);
    }
    expect(await store.deltas.last('c-99', 1)).toBe(1);
  });

  it('opens with all that was written after its writer was killed', async () => {
    const writer = write('k', 100_000);
    const done: string[] = [];
    if (!writer.stdout) throw new Error('The writer has no output.');
    for await (const id of createInterface(writer.stdout)) {
      done.push(id);
      if (done.length === 200) writer.kill('SIGKILL');
    }
    await using store = await open();
    const stored = await Promise.all(done.map((id) => store.turns.get(id)));
    expect(stored.map((turn) => turn?.id)).toEqual(done);
    expect(await store.turns.admit(newTurn('after'))).toMatchObject({ outcome: 'created' });
  });
});
