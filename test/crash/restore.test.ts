import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/contract/index.ts';
import { itInFull } from '../support/full-size.ts';
import { findPostgres, POSTGRES_MISSING, type PostgresCluster, startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/processes.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { expectSoundEvents } from '../support/story.ts';
import { cleanEnv, NODE, ROOT, type System, startSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';
import { createCrashTable } from './crash-table.ts';

const table = createCrashTable('restore');
afterAll(() => table.publish());

/** A test's story, told of in the crash suite's table, from the loss of the databases on. */
function noted(what: string, outcome: string, story: () => Promise<void>): () => Promise<void> {
  return async () => {
    const row = {
      component: `a restore: ${what}`,
      phase: 'turns wait, have gone on or ended since, or are new',
      turns: 4,
      outcome: 'not recovered',
      recoveryMs: 0,
    };
    table.add(row);
    const startedMs = performance.now();
    await story();
    row.outcome = outcome;
    row.recoveryMs = performance.now() - startedMs;
  };
}

const LEARNED = 'ended as their histories tell, or went on; nothing twice';

/** Puts databases back as they were. Only while the system is down. */
interface Backups {
  store: { save(name: string): Promise<void>; restore(name: string): Promise<void> };
  engine: { save(name: string): Promise<void>; restore(name: string | 'empty'): Promise<void> };
}

/** Copies of a SQLite database with what belongs to it. */
function fileBackups(dataDir: string, file: string): Backups['engine'] {
  const parts = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith(file));
  return {
    async save(name) {
      for (const part of await parts(dataDir)) {
        await copyFile(join(dataDir, part), join(dataDir, `${name}-${part}`));
      }
    },
    async restore(name) {
      for (const part of await parts(dataDir)) await rm(join(dataDir, part));
      const prefix = `${name}-${file}`;
      for (const copy of (await readdir(dataDir)).filter((each) => each.startsWith(prefix))) {
        await copyFile(join(dataDir, copy), join(dataDir, copy.slice(name.length + 1)));
      }
    },
  };
}

interface Story {
  system: System;
  turns: Turns;
  agent: string;
  /** Waits at the backup; was decided and completed after it. */
  decided: Turn;
  /** Queued behind it at the backup; completed after it. */
  queued: Turn;
  /** Waits for its first call at the backup, for its second one after it. */
  moved: Turn;
  /** Admitted after the backup; waits. */
  late: Turn;
  backups: Backups;
  /** Where the store is, beside the data folder. */
  env: Record<string, string>;
}

const log = (name: string) => call('run_command', { command: `echo x >> ${name}.log` });

/** Two points in time of store and engine: `older` is the backup, `newer` is the last state before the loss. */
async function tell(system: System, backups: Backups, env: Story['env'] = {}): Promise<Story> {
  const turns = createTurns(system);
  const agent = await turns.agent({ policy: { default: 'ask', rules: [] } });
  const sessionId = unique('s');
  const decided = await turns.start(agent, [log('decided'), '/next', '/say decided'], { sessionId });
  const queued = await turns.start(agent, '/say queued', { sessionId });
  const moved = await turns.start(agent, [log('first'), '/next', log('second'), '/next', '/say moved']);
  await turns.pending(decided.id, 'run_command');
  await turns.pending(moved.id, 'run_command');
  await both(system, async () => {
    await backups.store.save('older');
    await backups.engine.save('older');
  });
  await allow(turns, decided);
  await turns.end(decided.id);
  await turns.end(queued.id);
  await allow(turns, moved);
  await turns.untilEvent(moved.id, 'step.started', ({ step }) => step === 2);
  await turns.pending(moved.id, 'run_command');
  const late = await turns.start(agent, log('late'));
  await turns.pending(late.id, 'run_command');
  await both(system, async () => {
    await backups.store.save('newer');
    await backups.engine.save('newer');
  });
  return { system, turns, agent, decided, queued, moved, late, backups, env };
}

/** Does something while everything is down. */
async function both(system: System, work: () => Promise<void>): Promise<void> {
  await system.terminate('main');
  await work();
  await system.start('main');
}

async function allow(turns: Turns, turn: Turn): Promise<void> {
  const { callId } = await turns.pending(turn.id, 'run_command');
  expect((await turns.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
}

async function restore({ system, backups }: Story, store: string, engine: string): Promise<void> {
  await both(system, async () => {
    await backups.store.restore(store);
    await backups.engine.restore(engine);
  });
}

async function expectEnd({ turns }: Story, turn: Turn, expected: object): Promise<void> {
  const ended = await turns.end(turn.id, 60_000);
  expect(ended.turn).toMatchObject(expected);
  expectSoundEvents(ended.events);
}

async function expectOnce({ system, agent }: Story, ...names: string[]): Promise<void> {
  const files = workspaceOf(system.dataDir, agent);
  for (const name of names) expect([name, await files.lines(`${name}.log`)]).toEqual([name, ['x']]);
}

async function expectNewTurns({ turns, agent }: Story): Promise<void> {
  const turn = await turns.start(agent, '/say new');
  expect((await turns.end(turn.id)).turn.output).toBe('new');
}

/** The store knows less than the engine: it is told, by the histories. */
async function olderStore(story: Story): Promise<void> {
  await restore(story, 'older', 'newer');
  await expectNewTurns(story);
  await expectEnd(story, story.decided, { status: 'completed', output: expect.any(String) });
  await expectEnd(story, story.queued, { status: 'completed', output: 'queued' });
  // What it waits for is the second call; that the first is over is in its history.
  const { turns, moved } = story;
  await turns.untilEvent(moved.id, 'step.started', ({ step }) => step === 2, 60_000);
  await allow(turns, moved);
  await expectEnd(story, moved, { status: 'completed', output: 'moved' });
  const next = await turns.start(story.agent, '/say next', { sessionId: story.decided.sessionId });
  await expectEnd(story, next, { status: 'completed', output: 'next' });
  await expectOnce(story, 'decided', 'first', 'second');
  // Of the turn that was admitted after the backup only the engine knows: the doctor names it and leaves it alone.
  const doctor = await examined(story);
  expect(doctor).toMatchObject({ code: 1, text: expect.stringContaining(`${story.late.id}: unknown: `) });
  expect(doctor.text).toContain('1 disagreement, 0 mended.');
}

/** `npm run doctor` beside the running system. */
async function examined({ system, env }: Story): Promise<{ code: number | null; text: string }> {
  const doctor = startProcess(NODE, ['scripts/doctor.ts', '--fix'], {
    cwd: ROOT,
    env: cleanEnv({ LONGTURN_DATA: system.dataDir, ...env }),
  });
  const { code } = await doctor.exited;
  return { code, text: doctor.output() };
}

const TIMEOUT_MS = 180_000;

describe('a restore, with SQLite', () => {
  let story: Story;
  beforeAll(async () => {
    const system = await startSystem();
    story = await tell(system, {
      store: fileBackups(system.dataDir, 'longturn.db'),
      engine: fileBackups(system.dataDir, 'temporal.db'),
    });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await story?.system[Symbol.asyncDispose]();
  }, 30_000);

  it(
    'of a newer store with an empty engine: open turns end as lost, sessions go on, new turns run',
    noted('newer store, empty engine', 'open turns failed as history_lost, new ones completed', async () => {
      await restore(story, 'newer', 'empty');
      await expectNewTurns(story);
      for (const turn of [story.moved, story.late]) {
        await expectEnd(story, turn, { status: 'failed', error: { code: 'history_lost' } });
      }
      await expectEnd(story, story.queued, { status: 'completed', output: 'queued' });
      await expectOnce(story, 'decided', 'first');
    }),
    TIMEOUT_MS,
  );

  it(
    'of a newer store with an older engine: turns go on from where the engine is, and nothing runs twice',
    noted('newer store, older engine', 'went on from where the engine was, nothing twice', async () => {
      await restore(story, 'newer', 'older');
      await expectNewTurns(story);
      const { turns, moved } = story;
      const first = (await turns.events(moved.id)).find((event) => event.type === 'approval.requested');
      const callId = first && 'callId' in first ? first.callId : '';
      // The engine knows only of the first call: it waits for a decision again, in the inbox too.
      await turns.until(
        moved.id,
        'the first call waits',
        ({ pending }) => pending[0]?.callId === callId,
        60_000,
      );
      await allow(turns, moved);
      await turns.until(
        moved.id,
        'the second call waits',
        ({ pending }) => pending[0] !== undefined && pending[0].callId !== callId,
        60_000,
      );
      const { callId: second } = await turns.pending(moved.id, 'run_command');
      expect((await turns.decide(moved.id, second, { action: 'deny' })).status).toBe(200);
      await expectEnd(story, moved, { status: 'completed' });
      await expectEnd(story, story.late, { status: 'failed', error: { code: 'history_lost' } });
      await expectEnd(story, story.decided, { status: 'completed' });
      await expectOnce(story, 'decided', 'first');
    }),
    TIMEOUT_MS,
  );

  itInFull(
    'of an older store with a newer engine: the store learns what happened',
    noted('older store, newer engine', LEARNED, () => olderStore(story)),
    TIMEOUT_MS,
  );
});

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;

describeHere(`a restore, with PostgreSQL${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  let story: Story;
  beforeAll(async () => {
    cluster = await startPostgres();
    const url = await cluster.createDatabase();
    const system = await startSystem({ env: { LONGTURN_STORE: url } });
    story = await tell(
      system,
      {
        store: {
          save: (name) => cluster.copyDatabase(url, name),
          restore: (name) => cluster.restoreDatabase(url, name),
        },
        engine: fileBackups(system.dataDir, 'temporal.db'),
      },
      { LONGTURN_STORE: url },
    );
  }, TIMEOUT_MS);
  afterAll(async () => {
    await story?.system[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  }, 30_000);

  it(
    'of the store to a point in time before the engine: the store learns what happened',
    noted('older store, newer engine, with PostgreSQL', LEARNED, () => olderStore(story)),
    TIMEOUT_MS,
  );
});
