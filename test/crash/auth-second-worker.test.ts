import { describe, expect, it } from '@jest/globals';
import { connectEngine } from '../support/auth-engine.ts';
import { answerAll } from '../support/auth-person.ts';
import { type AuthStage, siteEnv } from '../support/auth-stage.ts';
import { browsersBelow, startSecondWorker } from '../support/auth-workers.ts';
import { namesOf } from '../support/names-of.ts';
import { poll } from '../support/poll.ts';
import { killTree } from '../support/processes.ts';
import { awaitingInput, useCrashStage } from './auth-case.ts';

const stage = useCrashStage();

/** Has the worker that holds the page stand still until the engine has missed the holder this often. */
async function freezeHolder(
  { system, auth }: AuthStage,
  connectionId: string,
  misses: number,
): Promise<void> {
  await using engine = await connectEngine({ system });
  const { flow_id: flowId } = await auth.get(connectionId);
  const flow = engine.workflow.getHandle((await namesOf(system)).authFlowWorkflowId(flowId ?? ''));
  const missed = async () => {
    const { events } = await flow.fetchHistory();
    return (events ?? []).filter(({ activityTaskTimedOutEventAttributes: timedOut }) => timedOut).length;
  };
  system.pause('worker');
  try {
    await poll(async () => (await missed()) >= misses, { what: 'the holder is missed', timeoutMs: 60_000 });
  } finally {
    system.resume('worker');
  }
}

describe('a worker that holds a page', () => {
  it('keeps it while it stands still for seconds; kill -9: another one shows the form again, with a new question', async () => {
    const { system, auth, site } = stage();
    const begunMs = performance.now();
    const subject = await awaitingInput(stage());
    // What a form costs here and now: a machine that is shared is slower in all it does.
    const formMs = performance.now() - begunMs;
    const { id } = subject.connection;
    expect(browsersBelow(system.pid('worker')).length).toBeGreaterThan(0);
    const second = startSecondWorker(system, siteEnv(site));
    try {
      await poll(() => second.output().includes('worker is ready'), {
        what: 'the second worker is at work',
        timeoutMs: 30_000,
        explain: () => second.output(),
      });
      await poll(() => browsersBelow(second.pid).length > 0, {
        what: 'the second worker has a browser ready, for there is a login',
        timeoutMs: 15_000,
      });
      await freezeHolder(stage(), id, 2);
      expect(await auth.get(id)).toMatchObject({
        flow_step: 'AWAITING_INPUT',
        interaction_id: subject.interaction,
      });
      const killedMs = performance.now();
      await system.kill9('worker');
      await auth.asked(id, subject.interaction, 30_000);
      const tookMs = Math.round(performance.now() - killedMs);
      process.stderr.write(
        `[auth-second-worker] first form ${Math.round(formMs)} ms, form again after ${tookMs} ms\n`,
      );
      const { end } = await answerAll(auth, id, subject.person);
      expect(end.flow_status).toBe('SUCCESS');
      expect(site.attempts('combined')).toHaveLength(1);
    } finally {
      subject.stream.close();
      killTree(second.pid);
      await second.exited;
    }
  }, 120_000);
});
