import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { FrameJson } from '../../test/support/auth-stream.ts';
import { namesOf } from '../../test/support/names-of.ts';
import { poll } from '../../test/support/poll.ts';
import { SETTLE_MS } from '../client/settle.ts';
import { readTakeOver, type TakeOver } from '../client/take-over.ts';
import { askFirst, startAuthStage } from './auth-stage.ts';

const ASKED_WITHIN_MS = 120_000;

/** One kill: how long it took in all, in milliseconds, and what of; absent where the flow went another way. */
export interface AuthKill {
  tookMs: number;
  parts?: TakeOver;
}

/**
 * `kill -9` of the worker that shows a form, and of its browser, while another worker is idle: until the frame of the new
 * question has arrived on a stream that was open all the time, one figure for each kill. The other worker
 * has a browser ready, since there is a login.
 */
export async function measureAuthKills(kills: number): Promise<AuthKill[]> {
  await using stage = await startAuthStage({ parts: ['engine', 'worker', 'api'] });
  const { system, auth, eye } = stage;
  const view = await askFirst(stage);
  const stream = await auth.stream(view.id);
  const connection = await Connection.connect({ address: system.engineAddress });
  const client = new Client({ connection });
  const workflowId = (await namesOf(system)).authFlowWorkflowId(view.flow_id ?? '');
  const figures: AuthKill[] = [];
  let [holder, other] = ['worker' as const, 'worker2' as const] as ('worker' | 'worker2')[];
  let revision = view.revision ?? 0;
  for (let kill = 0; kill < kills && holder && other; kill += 1) {
    const known = eye.workers().length;
    system.launch(other);
    await poll(() => eye.workers().length > known, { what: 'the other worker polls', timeoutMs: 60_000 });
    await delay(SETTLE_MS);
    const begin = performance.now();
    const killedAt = Date.now();
    await system.kill9(holder);
    const isAskedAgain = (state: FrameJson) =>
      state.flow_step === 'AWAITING_INPUT' && Number(state.revision) > revision;
    await stream.until('the form again', isAskedAgain, ASKED_WITHIN_MS);
    const frame = stream.frames.find(({ json }) => isAskedAgain(json));
    const tookMs = (frame?.atMs ?? Number.NaN) - begin;
    const parts = await readTakeOver(client, workflowId, { killedAt, shownAt: killedAt + tookMs });
    figures.push({ tookMs, ...(parts && { parts }) });
    revision = Number(frame?.json.revision);
    [holder, other] = [other, holder];
  }
  stream.close();
  await connection.close();
  return figures;
}
