import { describe, expect, it } from '@jest/globals';
import { answerAll } from '../support/auth-person.ts';
import { siteEnv } from '../support/auth-stage.ts';
import { browsersBelow, startSecondWorker } from '../support/auth-workers.ts';
import { poll } from '../support/poll.ts';
import { killTree } from '../support/processes.ts';
import { awaitingInput, useCrashStage } from './auth-case.ts';

const stage = useCrashStage();
describe('kill -9 of the worker that holds the page', () => {
  it('shows the form again from another worker within seconds, with a new question', async () => {
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
