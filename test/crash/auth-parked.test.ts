import { describe, expect, it } from '@jest/globals';
import { connectEngine } from '../support/auth-engine.ts';
import { namesOf } from '../support/names-of.ts';
import { poll } from '../support/poll.ts';
import { awaitingInput, DEATHS, expectConverged, useCrashStage } from './auth-case.ts';

const stage = useCrashStage({ LONGTURN_AUTH_PARK_AFTER_MS: '300' });

describe('kill -9 while logins are parked', () => {
  it.each(DEATHS)(
    'of the %s: the same question can still be answered, and the site sees the answer once',
    async (component, kill) => {
      const { system, auth } = stage();
      const subjects = await Promise.all([awaitingInput(stage()), awaitingInput(stage())]);
      {
        const names = await namesOf(system);
        await using engine = await connectEngine(stage());
        await Promise.all(
          subjects.map(async ({ connection }) => {
            const { flow_id } = await auth.get(connection.id);
            const flow = engine.workflow.getHandle(names.authFlowWorkflowId(flow_id ?? ''));
            await poll(async () => ((await flow.describe()).raw.pendingActivities ?? []).length === 0, {
              what: 'the flow is parked: it holds no browser',
              timeoutMs: 20_000,
            });
          }),
        );
      }
      await kill(stage());
      await system.startAll();
      for (const { connection, interaction } of subjects) {
        expect(await auth.get(connection.id)).toMatchObject({
          flow_step: 'AWAITING_INPUT',
          interaction_id: interaction,
        });
      }
      const stories = await Promise.all(subjects.map((subject) => expectConverged(stage(), subject)));
      process.stderr.write(`[auth-parked] ${component}: ${stories.join('; ')}\n`);
      for (const { stream } of subjects) stream.close();
    },
    90_000,
  );
});
