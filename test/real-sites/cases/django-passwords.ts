import { expect } from '@jest/globals';
import type { RealCase } from '../support/real-case.ts';
import { visitorAt } from '../support/visitor.ts';

const site = 'Django admin';
const lane = 'django';

/** An error that only its class tells, a button without a name, a search field in the navigation. */
export const DJANGO_PASSWORDS: readonly RealCase[] = [
  {
    lane,
    site,
    flow: 'wrong password, then the right one',
    posts: 2,
    async run({ django, usual }) {
      const { root } = django.users;
      const visitor = await visitorAt(usual, django.adminUrl);
      const question = await visitor.begin();
      expect(question.fields?.map(({ ref, type }) => [ref, type])).toEqual([
        ['username', 'identifier'],
        ['password', 'password'],
      ]);
      const again = await visitor.answer(question, { ...root, password: 'not this one' });
      expect(again.website_error).toMatch(/^Please enter the correct username and password/);
      expect(again.fields?.map(({ reason }) => reason)).toEqual(['rejected', 'rejected']);
      const end = await visitor.finish(again, root);
      expect(end.post_login_url).toBe(django.adminUrl);
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    lane,
    site,
    flow: 'an account that may not enter, then one that may',
    posts: 2,
    async run({ django, usual }) {
      const { guest, root } = django.users;
      const visitor = await visitorAt(usual, django.loginUrl);
      const again = await visitor.answer(await visitor.begin(), guest);
      expect(again.website_error).toMatch(/staff account/);
      await visitor.finish(again, root);
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    lane,
    site,
    flow: 'a login that still holds',
    posts: 1,
    async run({ django, usual }) {
      const visitor = await visitorAt(usual, django.adminUrl);
      expect(await visitor.logIn(django.users.root)).toHaveLength(1);
      await visitor.loginUnasked();
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      return 'nobody asked';
    },
  },
];
