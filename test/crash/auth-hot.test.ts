import { describe, expect, it } from '@jest/globals';
import {
  awaitingInput,
  DEATHS,
  discovering,
  elsewhere,
  expectConverged,
  submitting,
  useCrashStage,
} from './auth-case.ts';

const stage = useCrashStage();

describe('kill -9 while logins are at every step, their pages open', () => {
  it.each(DEATHS)(
    'of the %s: each can be finished by a person, nothing is typed twice, none is lost',
    async (component, kill) => {
      const { system } = stage();
      const reached = await Promise.all([awaitingInput(stage()), submitting(stage()), elsewhere(stage())]);
      const subjects = [...reached, await discovering(stage())];
      const killedMs = performance.now();
      await kill(stage());
      await system.startAll();
      const stories = await Promise.all(subjects.map((subject) => expectConverged(stage(), subject)));
      const tookMs = Math.round(performance.now() - killedMs);
      process.stderr.write(`[auth-hot] ${component}, all done after ${tookMs} ms: ${stories.join('; ')}\n`);
      for (const { stream } of subjects) stream.close();
      expect(stage().site.damage()).toEqual([]);
    },
    150_000,
  );
});
