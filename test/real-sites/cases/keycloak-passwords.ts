import { expect } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { LOCKED_AFTER_FAILURES } from '../support/keycloak-realms.ts';
import { makeUser, type SiteUser } from '../support/keycloak-users.ts';
import type { RealCase } from '../support/real-case.ts';
import { hostOf, type RealStage } from '../support/real-stage.ts';
import { type Visitor, visitorAt } from '../support/visitor.ts';

const site = 'Keycloak, one page';
const lane = 'demo';

/** Keycloak's answer to a wrong password, and to any password of a locked account. */
const REFUSAL = /^Invalid username or password\.?$/;

const fieldsOf = ({ fields }: ManagedAuth) =>
  fields?.map(({ ref, type, reason }) => `${ref} ${type} ${reason}`);

async function newPerson(
  { keycloak }: RealStage,
  name: string,
  more: Partial<SiteUser> = {},
): Promise<SiteUser> {
  return keycloak.addUser('demo', makeUser(name, more));
}

async function refused(visitor: Visitor, question: ManagedAuth, person: SiteUser): Promise<ManagedAuth> {
  const again = await visitor.answer(question, { ...person, password: 'not this one' });
  expect(again.website_error).toMatch(REFUSAL);
  expect(fieldsOf(again)).toEqual(['username identifier rejected', 'password password rejected']);
  expect(again.interaction_id).not.toBe(question.interaction_id);
  return again;
}

/** User name and password on one page, at a realm that locks accounts, has a company's button and is polite about it. */
export const KEYCLOAK_PASSWORDS: readonly RealCase[] = [
  {
    lane,
    site,
    flow: 'user name and password',
    posts: 1,
    async run({ keycloak, usual }) {
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'));
      const question = await visitor.begin();
      expect(fieldsOf(question)).toEqual(['username identifier missing', 'password password missing']);
      expect(question.choices?.map(({ type, label }) => [type, label])).toEqual([
        ['sso_provider', 'Partner'],
      ]);
      expect(question.website_error).toBeNull();
      const end = await visitor.finish(question, keycloak.users.demo.alice);
      expect(end.post_login_url).toMatch(/\/realms\/demo\/account\//);
      return 'logged in';
    },
  },
  {
    lane,
    site,
    flow: 'a login that still holds; the account page with its profile form',
    posts: 1,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'profiled');
      const visitor = await visitorAt(usual, keycloak.accountUrl('demo'));
      expect(await visitor.logIn(person)).toHaveLength(1);
      await visitor.loginUnasked();
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      const edits = keycloak.log().match(/(POST|PUT|DELETE|PATCH) \/realms\/demo\/account/g);
      expect(edits).toBeNull();
      return 'nobody asked, nothing edited';
    },
  },
  {
    lane,
    site,
    flow: 'wrong password, then the right one',
    posts: 2,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'forgetful');
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'));
      const again = await refused(visitor, await visitor.begin(), person);
      await visitor.finish(again, person);
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    lane,
    site,
    flow: 'account locked by wrong passwords',
    posts: LOCKED_AFTER_FAILURES + 1,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'clumsy');
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'));
      let question = await visitor.begin();
      for (let wrong = 0; wrong < LOCKED_AFTER_FAILURES; wrong += 1)
        question = await refused(visitor, question, person);
      expect(await keycloak.isLocked('demo', person.username)).toBe(true);
      const last = await visitor.answer(question, person);
      expect(last.website_error).toBe(question.website_error);
      expect((await usual.auth.cancel(visitor.id)).status).toBe(200);
      return 'same complaint for the right password; stays answerable';
    },
  },
  {
    lane,
    site,
    flow: 'account locked, with a stored credential',
    posts: 1,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'locked-out');
      await keycloak.lock('demo', person.username);
      const { username, password } = person;
      const name = await usual.credential(keycloak.origin, { username, password });
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'), { credential: { name } });
      const question = await visitor.begin();
      expect(question.website_error).toMatch(REFUSAL);
      expect(fieldsOf(question)).toEqual(['username identifier rejected', 'password password rejected']);
      expect((await usual.auth.cancel(visitor.id)).status).toBe(200);
      return 'tried once by itself, then a person is asked';
    },
  },
  {
    lane,
    site,
    flow: 'required action: update password, then logged out elsewhere',
    posts: 3,
    async run(stage) {
      const { keycloak, usual } = stage;
      const person = await newPerson(stage, 'renewed', { requiredActions: ['UPDATE_PASSWORD'] });
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'));
      const change = await visitor.answer(await visitor.begin(), person);
      expect(fieldsOf(change)).toEqual(['new_password password missing']);
      await visitor.finish(change, { ...person, newPassword: 'quite-a-new-Pa55' });
      await keycloak.wipeSessions('demo', person.username);
      await visitor.checkAndReauth();
      return 'asked for a new password; re-auth works with it';
    },
  },
  {
    lane,
    site,
    flow: 'SSO at the second origin',
    posts: 1,
    async run({ keycloak, usual }) {
      const visitor = await visitorAt(usual, keycloak.loginUrl('demo'), {
        allowed_domains: [hostOf(keycloak.partnerOrigin)],
      });
      const { paula } = keycloak.users.partner;
      const atPartner = await visitor.answer(await visitor.begin(), {
        ...paula,
        choose: (choices) => choices.find(({ type }) => type === 'sso_provider'),
      });
      expect(atPartner.sso_provider).toBe('partner');
      expect(fieldsOf(atPartner)).toEqual(['username identifier missing', 'password password missing']);
      const end = await visitor.finish(atPartner, paula);
      expect(end.post_login_url).toMatch(new RegExp(`^${keycloak.origin}/`));
      expect(end.sso_provider).toBeNull();
      return 'logged in through the company';
    },
  },
];
