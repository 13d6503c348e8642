import { expect } from '@jest/globals';
import { processesNaming } from '../../support/processes.ts';
import type { RealCase } from '../support/real-case.ts';
import type { RealStage } from '../support/real-stage.ts';
import { type Visitor, visitorAt } from '../support/visitor.ts';

const result = 'check and login, nobody asked';

/** Kills a system with its browser, starts it anew, and looks whether the login still holds. */
async function outlives({ parking: { system } }: RealStage, visitor: Visitor): Promise<void> {
  await system.kill9('main');
  expect(processesNaming(`--user-data-dir=${system.dataDir}`)).toEqual([]);
  await system.start('main');
  expect((await visitor.check()).status).toBe('AUTHENTICATED');
  await visitor.loginUnasked();
}

/** Profiles that another browser process takes over. Each kills a system, so that nothing may run beside them. */
export const NEW_PROCESS: readonly RealCase[] = [
  {
    lane: 'demo',
    site: 'Keycloak, one page',
    flow: 'restored in a new browser process',
    posts: 1,
    async run(stage) {
      const { keycloak, parking } = stage;
      const visitor = await visitorAt(parking, keycloak.accountUrl('demo'));
      await visitor.logIn(keycloak.users.demo.alice);
      await outlives(stage, visitor);
      expect(await keycloak.sessionCount('demo', 'alice')).toBeGreaterThanOrEqual(1);
      return result;
    },
  },
  {
    lane: 'django',
    site: 'Django admin',
    flow: 'restored in a new browser process',
    posts: 1,
    async run(stage) {
      const { django, parking } = stage;
      const visitor = await visitorAt(parking, django.adminUrl);
      await visitor.logIn(django.users.root);
      await outlives(stage, visitor);
      return result;
    },
  },
];
