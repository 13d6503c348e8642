import { expect } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import type { Person } from '../../support/auth-person.ts';
import { appCode } from '../../support/auth-stage.ts';
import type { RealmName } from '../support/keycloak-realms.ts';
import { makeUser, type SiteUser } from '../support/keycloak-users.ts';
import type { RealCase } from '../support/real-case.ts';
import type { RealStage } from '../support/real-stage.ts';
import { visitorAt } from '../support/visitor.ts';

const onePage = 'Keycloak, one page';
const nameFirst = 'Keycloak, user name first';
const SECRET = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';

const refsOf = ({ fields }: ManagedAuth) => fields?.map(({ ref, type }) => `${ref} ${type}`);
const withApp = (person: SiteUser): Person => ({ ...person, code: () => appCode(SECRET) });

const newPerson = ({ keycloak }: RealStage, realm: RealmName, name: string) =>
  keycloak.addUser(realm, makeUser(name, { totpSecret: SECRET }));

/** A second factor, typed by a person or made from the stored secret. */
export const KEYCLOAK_CODES: readonly RealCase[] = [
  {
    lane: 'demo',
    site: onePage,
    flow: 'TOTP typed by a person: a wrong code, then the right one',
    posts: 3,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'demo', 'typist');
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'));
      const code = await visitor.answer(await visitor.begin(), person);
      expect(refsOf(code)).toEqual(['code code']);
      expect(code.website_error).toBeNull();
      const again = await visitor.answer(code, { ...person, code: () => '000000' });
      expect(again.website_error).toMatch(/invalid authenticator code/i);
      expect(again.fields).toMatchObject([{ ref: 'code', reason: 'rejected' }]);
      await visitor.finish(again, withApp(person));
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    lane: 'demo',
    site: onePage,
    flow: 'TOTP from a stored secret',
    posts: 2,
    async run(stage) {
      const { keycloak, usual } = stage;
      const { username, password } = await newPerson(stage, 'demo', 'automatic');
      const name = await usual.credential(keycloak.origin, { username, password }, { totp_secret: SECRET });
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'), { credential: { name } });
      await visitor.loginUnasked();
      return 'nobody asked';
    },
  },
  {
    lane: 'first',
    site: nameFirst,
    flow: 'user name, then password',
    posts: 2,
    async run({ keycloak, usual }) {
      const { alice } = keycloak.users.first;
      const visitor = await visitorAt(usual, keycloak.loginUrl('first'));
      const name = await visitor.begin();
      expect(refsOf(name)).toEqual(['username identifier']);
      const password = await visitor.answer(name, alice);
      expect(refsOf(password)).toEqual(['password password']);
      await visitor.finish(password, alice);
      return 'logged in';
    },
  },
  {
    lane: 'first',
    site: nameFirst,
    flow: 'unknown user name, wrong password, then the right ones',
    posts: 4,
    async run({ keycloak, usual }) {
      const { alice } = keycloak.users.first;
      const visitor = await visitorAt(usual, keycloak.loginUrl('first'));
      const name = await visitor.begin();
      const unknown = await visitor.answer(name, { ...alice, username: 'nobody-of-that-name' });
      expect(unknown.website_error).toMatch(/invalid username/i);
      const password = await visitor.answer(unknown, alice);
      expect(refsOf(password)).toEqual(['password password']);
      expect(password.website_error).toBeNull();
      const again = await visitor.answer(password, { ...alice, password: 'not this one' });
      expect(again.website_error).toMatch(/invalid password/i);
      expect(refsOf(again)).toEqual(['password password']);
      await visitor.finish(again, alice);
      return 'asked again with each complaint, then logged in';
    },
  },
  {
    lane: 'first',
    site: nameFirst,
    flow: 'in German, wrong password, then the right one',
    posts: 3,
    async run({ keycloak, usual }) {
      const { alice } = keycloak.users.first;
      const visitor = await visitorAt(usual, keycloak.loginUrl('first', 'de'));
      const name = await visitor.begin();
      expect(name.fields).toMatchObject([{ ref: 'username', label: 'Benutzername oder E-Mail' }]);
      const password = await visitor.answer(name, alice);
      expect(password.fields).toMatchObject([{ ref: 'password', label: 'Passwort' }]);
      const again = await visitor.answer(password, { ...alice, password: 'falsch' });
      expect(again.website_error).toMatch(/ungültig/i);
      await visitor.finish(again, alice);
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    lane: 'first',
    site: nameFirst,
    flow: 'with TOTP',
    posts: 3,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'first', 'careful');
      const visitor = await visitorAt(usual, keycloak.accountUrl('first'));
      const questions = await visitor.logIn(withApp(person));
      expect(questions.map(refsOf)).toEqual([['username identifier'], ['password password'], ['code code']]);
      return 'logged in';
    },
  },
  {
    lane: 'first',
    site: nameFirst,
    flow: 'with TOTP from a stored secret, then logged out elsewhere',
    posts: 6,
    async run(stage) {
      const { keycloak, usual } = stage;
      const { username, password } = await newPerson(stage, 'first', 'machine');
      const name = await usual.credential(keycloak.origin, { username, password }, { totp_secret: SECRET });
      const visitor = await visitorAt(usual, keycloak.loginUrl('first'), { credential: { name } });
      await visitor.loginUnasked();
      await keycloak.wipeSessions('first', username);
      await visitor.checkAndReauth();
      return 'nobody asked, also in the re-auth';
    },
  },
];
