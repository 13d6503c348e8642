import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStore } from '../../src/store/create-store.ts';
import { lastRelease, unpackRelease } from '../support/last-release.ts';
import { newTurn } from './store-suite/fixtures.ts';

const NODE = resolve('node_modules/.bin/node');
const folder = mkdtempSync(join(tmpdir(), 'longturn-released-'));
const file = join(folder, 'longturn.db');
let released: string;

beforeAll(() => {
  released = unpackRelease(lastRelease());
});
afterAll(() => {
  rmSync(released, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** What the released code does with a store, as its worker and its API do. */
const STORY = `
const [, createStoreUrl, file, turn] = process.argv;
const { createStore } = await import(createStoreUrl);
const store = await createStore({ kind: 'sqlite', file });
const at = new Date().toISOString();
const admitted = await store.turns.admit(JSON.parse(turn));
await store.turns.begin(admitted.turn.id, { definition: 'd', catalogue: 'c' }, at);
await store.workers.beat('old', at);
await store.ledger.begin({ callId: 'c', turnId: admitted.turn.id, tool: 't', at, again: false });
const { state } = await store.turns.get(admitted.turn.id);
await store[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ outcome: admitted.outcome, state }));
`;

/** Names of the migrations that the release knows. */
function knownToRelease(): string[] {
  const source = readFileSync(join(released, 'src/store/migrate.ts'), 'utf8');
  return [...source.matchAll(/'(\d{4}-[a-z-]+)':/g)].map(([, name = '']) => name);
}

describe('the tables as they are today', () => {
  it('can be used by the code of the last release: migrations only add', async () => {
    await using store = await createStore({ kind: 'sqlite', file });
    await store.ping();
    const known = knownToRelease();
    expect(known.length).toBeGreaterThan(5);
    // Releases up to 0.2 refuse by these names whatever a newer version made; what is asked here is whether it would work.
    const marks = known.map(() => '?').join();
    using database = new DatabaseSync(file);
    database.prepare(`delete from kysely_migration where name not in (${marks})`).run(...known);

    const url = pathToFileURL(join(released, 'src/store/create-store.ts')).href;
    const turn = JSON.stringify(newTurn('by-the-release'));
    const args = ['--input-type=module', '--eval', STORY, '--', url, file, turn];
    const { stdout } = await promisify(execFile)(NODE, args);
    expect(JSON.parse(stdout)).toEqual({ outcome: 'created', state: 'running' });
    expect(await store.turns.get('by-the-release')).toMatchObject({ state: 'running' });
  });
});
