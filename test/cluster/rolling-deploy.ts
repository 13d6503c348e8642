import { expect, it } from '@jest/globals';
import type { Part } from '../support/system.ts';
import { call, unique } from '../support/turns.ts';
import type { ClusterStage } from './stage.ts';

const PARKED = 20;

/** What `docker compose up` does with a new image, part by part. */
export function describeRollingDeploy(stage: () => ClusterStage): void {
  it('workers and APIs are replaced one after another under turns that wait and turns that run', async () => {
    const { system, turns, second, gated, free } = stage();
    const parked = await Promise.all(
      Array.from({ length: PARKED }, (_, index) =>
        turns.start(
          gated,
          [call('write_note', { path: `deploy/${unique('n')}`, content: 'x' }), '/next', `/say ${index}`],
          { sessionId: unique('s') },
        ),
      ),
    );
    const calls = await Promise.all(parked.map(({ id }) => turns.pending(id, 'write_note')));
    const reader = turns.follow(parked[0] as (typeof parked)[number]);
    const running = [];
    for (const part of ['worker', 'worker2', 'api', 'api2'] satisfies Part[]) {
      const via = part === 'api' ? second : turns;
      const turn = await via.start(free, ['/stream 20 50', '/say ran'], { sessionId: unique('s') });
      await via.untilEvent(turn.id, 'step.started');
      running.push(turn);
      expect(await system.terminate(part)).toBe(0);
      await system.start(part);
    }
    await Promise.all(
      parked.map(async (turn, index) => {
        const callId = calls[index]?.callId ?? '';
        const answer = await second.decide(turn.id, callId, { action: 'allow' });
        expect([200, 202]).toContain(answer.status);
      }),
    );
    const ends = await Promise.all(parked.map(({ id }) => turns.end(id, 60_000)));
    expect(ends.map(({ turn }) => turn.output)).toEqual(parked.map((_, index) => String(index)));
    for (const { id } of running) {
      expect((await turns.end(id, 60_000)).turn).toMatchObject({ status: 'completed', output: 'ran' });
    }
    await reader.done;
  }, 150_000);
}
