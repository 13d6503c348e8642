import { setTimeout as delay } from 'node:timers/promises';
import type { FrameJson } from '../../test/support/auth-stream.ts';
import { poll } from '../../test/support/poll.ts';
import { SETTLE_MS } from '../client/settle.ts';
import { askFirst, startAuthStage } from './auth-stage.ts';

const ASKED_WITHIN_MS = 120_000;

/**
 * `kill -9` of the worker that shows a form, and of its browser, while another worker is idle: until the frame of the new
 * question has arrived on a stream that was open all the time, in milliseconds; one figure for each kill. The other worker
 * has not used its browser before, so it starts it first.
 */
export async function measureAuthKills(kills: number): Promise<number[]> {
  await using stage = await startAuthStage({ parts: ['engine', 'worker', 'api'] });
  const { system, auth, eye } = stage;
  const view = await askFirst(stage);
  const stream = await auth.stream(view.id);
  const figures: number[] = [];
  let [holder, other] = ['worker' as const, 'worker2' as const] as ('worker' | 'worker2')[];
  let revision = view.revision ?? 0;
  for (let kill = 0; kill < kills && holder && other; kill += 1) {
    const known = eye.workers().length;
    system.launch(other);
    await poll(() => eye.workers().length > known, { what: 'the other worker polls', timeoutMs: 60_000 });
    await delay(SETTLE_MS);
    const begin = performance.now();
    await system.kill9(holder);
    const isAskedAgain = (state: FrameJson) =>
      state.flow_step === 'AWAITING_INPUT' && Number(state.revision) > revision;
    await stream.until('the form again', isAskedAgain, ASKED_WITHIN_MS);
    const frame = stream.frames.find(({ json }) => isAskedAgain(json));
    figures.push((frame?.atMs ?? Number.NaN) - begin);
    revision = Number(frame?.json.revision);
    [holder, other] = [other, holder];
  }
  stream.close();
  return figures;
}
