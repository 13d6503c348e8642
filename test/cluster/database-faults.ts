import { expect, it } from '@jest/globals';
import type { Turn } from '../../src/contract/index.ts';
import { poll } from '../support/poll.ts';
import { expectWholeStory } from '../support/story.ts';
import { call, type Turns, unique } from '../support/turns.ts';
import type { ClusterStage } from './stage.ts';

const FAULT_TIMEOUT_MS = 150_000;
const AGAIN_MS = 60_000;

/** What a database and the network to it do to a cluster. */
export function describeDatabaseFaults(stage: () => ClusterStage): void {
  it(
    "turns outlast a crash of Longturn's database",
    async () => {
      const { ground } = stage();
      await outlast(
        stage(),
        () => ground.longturnDb.crash(),
        () => ground.longturnDb.start(),
      );
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    "turns outlast a crash of the Temporal server's database",
    async () => {
      const { ground } = stage();
      await outlast(
        stage(),
        () => ground.temporalDb.crash(),
        () => ground.temporalDb.start(),
      );
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'turns outlast a network to the database that goes silent and forgets its connections',
    async () => {
      const { ground } = stage();
      await outlast(
        stage(),
        async () => ground.network.freeze(),
        async () => ground.network.thaw(),
      );
    },
    FAULT_TIMEOUT_MS,
  );

  it(
    'readers hear of what happens after the network has forgotten their connections',
    async () => {
      const { ground, turns, second, gated, system } = stage();
      const turn = await turns.start(gated, [call('write_note', { path: unique('n'), content: 'x' })]);
      const { callId } = await turns.pending(turn.id, 'write_note');
      const readers = [turns.follow(turn), second.follow(turn)];
      await poll(
        () => readers.every(({ frames }) => frames.some(({ event }) => event === 'approval.requested')),
        { what: 'both readers follow', explain: system.tails },
      );
      // Silent only for a moment: nobody asks anything meanwhile, and every connection of before is dead.
      ground.network.freeze();
      ground.network.thaw();
      await decideStubbornly(turns, turn, callId);
      const ended = await turns.end(turn.id, AGAIN_MS);
      expect(ended.turn.status).toBe('completed');
      for (const reader of readers) {
        await poll(() => reader.frames.some(({ event }) => event === 'turn.completed'), {
          what: 'a reader sees the end',
          timeoutMs: AGAIN_MS,
          explain: system.tails,
        });
        expectWholeStory(reader.frames, ended.events, 1);
      }
    },
    FAULT_TIMEOUT_MS,
  );
}

/** Has turns run and wait while something is broken, and expects the end of every one when it is whole again. */
async function outlast(
  stage: ClusterStage,
  harm: () => Promise<void>,
  mend: () => Promise<void>,
): Promise<void> {
  const { turns, second, gated, free, system } = stage;
  const note = `fault/${unique('n')}`;
  const parked = await turns.start(gated, [call('write_note', { path: note, content: 'x' })]);
  const running = await second.start(free, ['/stream 30 100', '/say ran']);
  const { callId } = await turns.pending(parked.id, 'write_note');
  await second.untilEvent(running.id, 'step.started');
  const readers = [turns.follow(parked), second.follow(running)];
  await harm();
  await poll(async () => (await readiness(system.urlOf('api'))) === 503, {
    what: 'the API says that it is not ready',
    timeoutMs: AGAIN_MS,
    explain: system.tails,
  });
  await mend();
  await system.ready(AGAIN_MS);
  await decideStubbornly(second, parked, callId);
  const ends = [await turns.end(parked.id, AGAIN_MS), await second.end(running.id, AGAIN_MS)];
  expect(ends.map(({ turn }) => turn.status)).toEqual(['completed', 'completed']);
  const notes = await turns.http.get<{ items: { revision: number }[] }>(`/v1/notes?path=${note}`);
  expect(notes.body.items).toMatchObject([{ revision: 1 }]);
  for (const [index, reader] of readers.entries()) {
    await poll(() => reader.frames.some(({ event }) => event === 'turn.completed'), {
      what: 'a reader sees the end',
      timeoutMs: AGAIN_MS,
      explain: system.tails,
    });
    expectWholeStory(reader.frames, ends[index]?.events ?? [], 1);
  }
  const after = await turns.start(free, '/say after');
  expect((await second.end(after.id)).turn.output).toBe('after');
}

async function readiness(url: string): Promise<number> {
  return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) })).status;
}

async function decideStubbornly(turns: Turns, turn: Turn, callId: string): Promise<void> {
  await poll(
    async () => {
      const answer = await turns.decide(turn.id, callId, { action: 'allow' });
      if (![200, 202].includes(answer.status)) throw new Error(`${answer.status} ${answer.text}`);
      return true;
    },
    { what: `the decision on ${callId} is taken`, timeoutMs: AGAIN_MS, everyMs: 100 },
  );
}
