import { expect, it } from '@jest/globals';
import { poll } from '../support/poll.ts';
import { expectSoundEvents } from '../support/story.ts';
import { call, unique } from '../support/turns.ts';
import type { ClusterStage } from './stage.ts';

const TIMEOUT_MS = 240_000;
const AGAIN_MS = 90_000;
const PARTS = ['worker', 'worker2', 'api', 'api2'] as const;
const HOSTS = ['history1', 'history2', 'front'] as const;
const DATABASES = ['postgres:///temporal', 'postgres:///temporal_visibility'];

/** The Temporal server's PostgreSQL is put back to an earlier point in time; Longturn's is not. */
export function describeEngineRestore(stage: () => ClusterStage): void {
  it(
    'turns go on from where the engine is, or end as lost; nothing runs twice, new turns run at once',
    async () => {
      const { ground, turns, gated, free } = stage();
      const { temporalDb } = ground;
      const [first, second, lost] = [unique('first'), unique('second'), unique('lost')];
      const write = (path: string) => call('write_note', { path, content: 'x' });
      const ended = await turns.start(gated, [write(first), '/next', '/say ended']);
      const moved = await turns.start(gated, [write(second), '/next', write(lost), '/next', '/say moved']);
      const endedCall = await turns.pending(ended.id, 'write_note');
      const movedCall = await turns.pending(moved.id, 'write_note');
      await whileDown(stage(), (database) => temporalDb.copyDatabase(database, 'earlier'));

      await turns.decide(ended.id, endedCall.callId, { action: 'allow' });
      await turns.end(ended.id, AGAIN_MS);
      await turns.decide(moved.id, movedCall.callId, { action: 'allow' });
      const later = await secondCall(movedCall.callId);
      const late = await turns.start(gated, write(unique('late')));
      await turns.pending(late.id, 'write_note');
      await whileDown(stage(), (database) => temporalDb.restoreDatabase(database, 'earlier'));

      const fresh = await turns.start(free, '/say new');
      expect((await turns.end(fresh.id, AGAIN_MS)).turn.output).toBe('new');
      // The engine knows of the first call only: it waits for a decision again.
      await turns.until(
        moved.id,
        'the first call waits',
        ({ pending }) => pending[0]?.callId === movedCall.callId,
        AGAIN_MS,
      );
      await turns.decide(moved.id, movedCall.callId, { action: 'allow' });
      expect(await secondCall(movedCall.callId)).toBe(later);
      await turns.decide(moved.id, later, { action: 'deny' });
      const ends = [
        await turns.end(moved.id, AGAIN_MS),
        await turns.end(late.id, AGAIN_MS),
        await turns.end(ended.id, AGAIN_MS),
      ];
      expect(ends.map(({ turn }) => turn)).toMatchObject([
        { status: 'completed', output: 'moved' },
        { status: 'failed', error: { code: 'history_lost' } },
        { status: 'completed', output: 'ended' },
      ]);
      for (const { events } of ends) expectSoundEvents(events);
      expect(await revisions(first, second, lost)).toEqual([[1], [1], []]);

      async function secondCall(before: string): Promise<string> {
        const turn = await turns.until(
          moved.id,
          'the second call waits',
          ({ pending }) => pending[0] !== undefined && pending[0].callId !== before,
          AGAIN_MS,
        );
        return turn.pending[0]?.callId ?? '';
      }

      function revisions(...paths: string[]): Promise<number[][]> {
        return Promise.all(
          paths.map(async (path) => {
            const { body } = await turns.http.get<{ items: { revision: number }[] }>(
              `/v1/notes?path=${path}`,
            );
            return body.items.map(({ revision }) => revision);
          }),
        );
      }
    },
    TIMEOUT_MS,
  );
}

/** Does something to each of the engine's databases while nobody uses them. */
async function whileDown(
  { ground, system }: ClusterStage,
  work: (database: string) => Promise<void>,
): Promise<void> {
  for (const part of PARTS) await system.terminate(part);
  for (const host of HOSTS) await ground.temporal.kill9(host);
  for (const database of DATABASES) {
    // The server of a connection whose client was killed goes a moment later.
    await poll(() => work(database).then(() => true, isInUse), {
      what: `${database} is used by nobody`,
      timeoutMs: 30_000,
    });
  }
  for (const host of HOSTS) await ground.temporal.start(host);
  for (const part of PARTS) await system.launch(part);
  await system.ready(AGAIN_MS);
}

function isInUse(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === '55006') return false;
  throw error;
}
