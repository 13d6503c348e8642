import { expect } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { appCode } from '../../support/auth-stage.ts';
import { makeUser } from '../support/keycloak-users.ts';
import type { RealCase } from '../support/real-case.ts';
import { visitorAt } from '../support/visitor.ts';

const SECRET = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';
const result = 'went on where it was';
const refsOf = ({ fields }: ManagedAuth) => fields?.map(({ ref }) => ref);

/** Pages that were closed while a person thought, and opened again for the answer. */
export const PARKED: readonly RealCase[] = [
  {
    lane: 'other',
    site: 'Keycloak, one page',
    flow: 'put away at the first page',
    posts: 1,
    async run({ keycloak, parking }) {
      const visitor = await visitorAt(parking, keycloak.loginUrl('other'));
      const question = await visitor.begin();
      await visitor.untilParked(question);
      await visitor.finish(question, keycloak.users.other.olga);
      return result;
    },
  },
  {
    lane: 'other',
    site: 'Keycloak, one page',
    flow: 'put away before the TOTP code',
    posts: 2,
    async run({ keycloak, parking }) {
      const person = await keycloak.addUser('other', makeUser('slow-typist', { totpSecret: SECRET }));
      const visitor = await visitorAt(parking, keycloak.loginUrl('other'));
      const first = await visitor.begin();
      const page = await visitor.untilParked(first);
      const code = await visitor.answer(first, person);
      expect(refsOf(code)).toEqual(['code']);
      await visitor.untilParked(code, page);
      await visitor.finish(code, { ...person, code: () => appCode(SECRET) });
      return result;
    },
  },
  {
    lane: 'other',
    site: 'Keycloak, one page',
    flow: 'put away in the middle of the required action',
    posts: 2,
    async run({ keycloak, parking }) {
      const person = await keycloak.addUser(
        'other',
        makeUser('slow-renewer', { requiredActions: ['UPDATE_PASSWORD'] }),
      );
      const visitor = await visitorAt(parking, keycloak.loginUrl('other'));
      const first = await visitor.begin();
      const page = await visitor.untilParked(first);
      const change = await visitor.answer(first, person);
      expect(refsOf(change)).toEqual(['new_password']);
      await visitor.untilParked(change, page);
      await visitor.finish(change, { ...person, newPassword: 'quite-a-new-Pa55' });
      return result;
    },
  },
  {
    lane: 'first',
    site: 'Keycloak, user name first',
    flow: 'put away before the user name and before the password',
    posts: 2,
    async run({ keycloak, parking }) {
      const { alice } = keycloak.users.first;
      const visitor = await visitorAt(parking, keycloak.loginUrl('first'));
      const name = await visitor.begin();
      const page = await visitor.untilParked(name);
      const password = await visitor.answer(name, alice);
      expect(refsOf(password)).toEqual(['password']);
      await visitor.untilParked(password, page);
      await visitor.finish(password, alice);
      return result;
    },
  },
  {
    lane: 'django',
    site: 'Django admin',
    flow: 'put away, and again after a wrong password',
    posts: 2,
    async run({ django, parking }) {
      const { root } = django.users;
      const visitor = await visitorAt(parking, django.loginUrl);
      const question = await visitor.begin();
      const page = await visitor.untilParked(question);
      const again = await visitor.answer(question, { ...root, password: 'not this one' });
      expect(again.website_error).toMatch(/correct username and password/);
      await visitor.untilParked(again, page);
      await visitor.finish(again, root);
      return result;
    },
  },
];
