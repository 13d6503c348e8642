import { expect } from '@jest/globals';
import { makeUser } from '../support/keycloak-users.ts';
import type { RealCase } from '../support/real-case.ts';
import { visitorAt } from '../support/visitor.ts';

/** Sessions that live, and sessions that an administrator has ended. */
export const LOGGED_OUT_ELSEWHERE: readonly RealCase[] = [
  {
    lane: 'other',
    site: 'Keycloak, one page',
    flow: 'logged out elsewhere; what was typed is stored',
    posts: 2,
    async run({ keycloak, usual }) {
      const person = await keycloak.addUser('other', makeUser('evicted'));
      const visitor = await visitorAt(usual, keycloak.loginUrl('other'));
      await visitor.logIn(person);
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      expect((await visitor.view()).can_reauth).toBe(true);
      await keycloak.wipeSessions('other', person.username);
      await visitor.checkAndReauth();
      expect(await keycloak.sessionCount('other', person.username)).toBe(1);
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      return 'check, re-auth, check';
    },
  },
  {
    lane: 'other',
    site: 'Keycloak, one page',
    flow: 'logged out elsewhere; nothing is stored',
    posts: 1,
    async run({ keycloak, usual }) {
      const person = await keycloak.addUser('other', makeUser('unsaved'));
      const visitor = await visitorAt(usual, keycloak.accountUrl('other'), { save_credentials: false });
      await visitor.logIn(person);
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      await keycloak.wipeSessions('other', person.username);
      expect(await visitor.check()).toMatchObject({ status: 'NEEDS_AUTH', flow_type: 'LOGIN' });
      return 'NEEDS_AUTH, nothing tried';
    },
  },
  {
    lane: 'first',
    site: 'Keycloak, user name first',
    flow: 'logged out elsewhere; what was typed is stored',
    posts: 4,
    async run({ keycloak, usual }) {
      const person = await keycloak.addUser('first', makeUser('removed'));
      const visitor = await visitorAt(usual, keycloak.loginUrl('first'));
      await visitor.logIn(person);
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      await keycloak.wipeSessions('first', person.username);
      await visitor.checkAndReauth();
      return 'check, re-auth';
    },
  },
  {
    lane: 'django',
    site: 'Django admin',
    flow: 'logged out elsewhere; what was typed is stored',
    posts: 2,
    async run({ django, usual }) {
      const visitor = await visitorAt(usual, django.loginUrl);
      await visitor.logIn(django.users.clerk);
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      await django.wipeSessions('clerk');
      await visitor.checkAndReauth();
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      return 'check, re-auth, check';
    },
  },
];
