import { expect, it } from '@jest/globals';
import { appCode } from '../support/auth-stage.ts';
import { openHostedPage } from '../support/hosted-person.ts';
import { useCrashStage } from './auth-case.ts';

const stage = useCrashStage();

it('a person on the hosted page sees everything die in the middle of a login, is asked again and gets in', async () => {
  const { auth, site, system } = stage();
  const { username, password } = stage().person();
  const typed = { username, password, code: () => appCode() };
  const { id } = await stage().connect('totp');
  const linkOf = async () => (await auth.login(id)).hosted_url;
  const connected = () => expect(auth.get(id)).resolves.toMatchObject({ status: 'AUTHENTICATED' });
  {
    await using person = await openHostedPage(await linkOf(), typed);
    await person.answerUntil();
    await connected();
  }
  site.expireSessions('totp');
  await using person = await openHostedPage(await linkOf(), typed);
  await person.answerUntil('code');
  const before = await auth.get(id);
  await system.kill9All();
  await person.page.getByRole('status').filter({ hasText: 'No connection' }).waitFor();
  await system.startAll();
  await person.answerUntil('password');
  await person.answerUntil();
  const after = await auth.get(id);
  expect([after.flow_id, after.flow_status]).toEqual([before.flow_id, 'SUCCESS']);
  await connected();
  const passwords = site.attempts('totp').filter(({ step }) => step === 'password');
  expect(passwords.map(({ correct }) => correct)).toEqual([true, true, true]);
}, 180_000);
