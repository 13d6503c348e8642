import { expect, it } from '@jest/globals';
import { createAuthUpkeep } from '../../../src/upkeep/auth/auth-upkeep.ts';

it.each([
  ['does not run where no login is in progress', false, 0],
  ['runs where one is', true, 1],
])('the browser %s', async (_what, areInProgress, starts) => {
  let started = 0;
  const { warmUp } = createAuthUpkeep({
    auth: { flows: { areInProgress: async () => areInProgress } } as never,
    gateway: {} as never,
    webhookGateway: {} as never,
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
