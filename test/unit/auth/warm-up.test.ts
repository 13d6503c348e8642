import { expect, it } from '@jest/globals';
import { createAuthUpkeep } from '../../../src/upkeep/auth-upkeep.ts';

it.each([
  ['does not run', 0, 0],
  ['runs', 2, 1],
])('the browser %s where %i logins are in progress', async (_what, flowsInProgress, starts) => {
  let started = 0;
  const { warmUp } = createAuthUpkeep({
    auth: { connections: { counts: async () => ({ connections: {}, flowsInProgress }) } } as never,
    gateway: {} as never,
    feed: {} as never,
    browser: {
      async warmUp() {
        started += 1;
      },
    },
    log: {} as never,
    now: () => new Date(),
  });
  await warmUp();
  expect(started).toBe(starts);
});
