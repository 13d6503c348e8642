import { describe, expect, it } from '@jest/globals';
import { loginLinkOf } from '../../../src/browser/page/login-link.ts';
import { control, link, snapshotOf, submitButton } from '../../support/readings/made-up.ts';
import { asksOf, readSnapshot } from '../../support/readings/recorded.ts';
import { SPOKEN } from '../../support/readings/spoken.ts';

const text = (label: string) => control({ label });
const secret = (label: string) => control({ label, type: 'password' });

describe.each(SPOKEN)('a login page in $language', (said) => {
  it('asks for user name and password', () => {
    const page = snapshotOf([text(said.user), secret(said.password), submitButton(said.login)]);
    expect(asksOf(readSnapshot(page))).toEqual(['username:identifier', 'password:password']);
  });

  it('asks for the user name first, by heading and a button that goes on', () => {
    const heading = { text: said.login, own: true };
    const page = snapshotOf([control({ label: said.user, heading }), submitButton(said.next, { heading })]);
    expect(asksOf(readSnapshot(page))).toEqual(['username:identifier']);
  });

  it('knows the password by its words where the page shows it', () => {
    const page = snapshotOf([text(said.user), text(said.password), submitButton(said.login)]);
    expect(asksOf(readSnapshot(page))).toEqual(['username:identifier', 'password:password']);
  });

  it('takes no registration for a login', () => {
    const heading = { text: said.signUp, own: true };
    const fields = [text(said.user), secret(said.password)].map((field) => ({ ...field, heading }));
    const reading = readSnapshot(snapshotOf([...fields, submitButton(said.signUp, { heading })]));
    expect({ purpose: reading.purpose, asks: asksOf(reading) }).toEqual({ purpose: 'none', asks: [] });
  });

  it('is led to by its link, but not from behind the login', () => {
    const led = (...labels: string[]) => {
      const snapshot = snapshotOf(labels.map((label) => link(label)));
      return loginLinkOf([{ frame: {} as never, origin: '', path: '', snapshot }])?.label;
    };
    expect(led(said.login)).toBe(said.login);
    expect(led(said.logOut)).toBeUndefined();
  });
});
