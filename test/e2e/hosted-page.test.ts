import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Field } from '../../src/contract/index.ts';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createHostedStage, type HostedLogin, type HostedStage, PHONE } from '../support/hosted-page.ts';
import { poll } from '../support/poll.ts';

let stage: HostedStage;
let login: HostedLogin;
beforeAll(async () => {
  stage = await createHostedStage();
});
afterEach(async () => {
  expect(login.faults).toEqual([]);
  await login.page.context().close();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

const field = (more: Partial<Field>): Field => ({
  id: 'field_1',
  ref: 'code',
  type: 'code',
  reason: 'missing',
  ...more,
});
const seen = (text: string | RegExp) => login.page.getByText(text).first().waitFor();
const heading = (name: string | RegExp) => login.page.getByRole('heading', { name }).waitFor();
const attributes = (label: string, names: string[]) =>
  login.page
    .getByLabel(label, { exact: true })
    .evaluate((input, wanted) => wanted.map((name) => input.getAttribute(name)), names);

describe('the hosted page shows', () => {
  it('a spinner while the sign-in page is looked at', async () => {
    login = await stage.open({ context: PHONE });
    await login.page.getByRole('status').filter({ hasText: 'Looking at the sign-in page' }).waitFor();
    await seen('shop.example');
    expect(await login.page.title()).toBe('Sign in to shop.example');
  });

  it('what was done without asking once, and not below each field', async () => {
    const remark = 'A consent notice of the site was answered with “Reject all”.';
    login = await stage.open({ context: PHONE });
    await login.show({
      ...asksFor('int-1'),
      remarks: ['A consent notice of the site was answered with “Close”.', remark],
      fields: [
        field({ id: 'f1', ref: 'username', type: 'identifier', label: 'E-mail', hint: remark }),
        field({
          id: 'f2',
          ref: 'password',
          type: 'password',
          label: 'Password',
          hint: `${remark} As on your card.`,
        }),
      ],
    });
    await seen(remark);
    expect(await login.page.getByText('A consent notice').allTextContents()).toEqual([remark]);
    await seen(/^As on your card\.$/);
  });

  it('fields with labels, and inputs that a browser and a phone understand', async () => {
    login = await stage.open({ context: PHONE });
    await login.show({
      ...asksFor('int-1'),
      fields: [
        field({ id: 'f1', ref: 'username', type: 'identifier', label: 'E-mail', input_mode: 'email' }),
        field({ id: 'f2', ref: 'password', type: 'password', label: 'Password' }),
        field({ id: 'f3', label: 'Code', hint: 'Sent to •••12' }),
      ],
    });
    await heading('Enter your sign-in details');
    const names = ['type', 'autocomplete', 'inputmode'];
    expect(await attributes('E-mail', names)).toEqual(['text', 'username', 'email']);
    expect(await attributes('Password', names)).toEqual(['password', 'current-password', null]);
    expect(await attributes('Code', names)).toEqual(['text', 'one-time-code', 'numeric']);
    const code = login.page.getByRole('textbox', { name: 'Code', description: 'Sent to •••12' });
    expect(await code.count()).toBe(1);
    await login.page.getByLabel('E-mail').and(login.page.locator(':focus')).waitFor();
    for (const part of await login.page.locator('input, button').all()) {
      expect((await part.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await expect(
        part.evaluate((each) => each.computedStyleMap().get('font-size')?.toString()),
      ).resolves.toMatch(/^(1[6-9]|2\d)/);
    }
  });

  it('a rejected answer with the words of the site, as text only', async () => {
    login = await stage.open();
    const words = '<img src=x onerror=alert(1)> Wrong password';
    await login.show({
      ...asksFor('int-1'),
      website_error: words,
      fields: [
        field({ ref: 'password', type: 'password', label: 'Password', reason: 'rejected', hint: words }),
      ],
    });
    const alert = login.page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.locator('p, blockquote').allTextContents()).toEqual(['shop.example says', words]);
    expect(await attributes('Password', ['aria-invalid'])).toEqual(['true']);
    await login.page
      .getByRole('textbox', { description: 'shop.example did not accept this. Please enter it again.' })
      .waitFor();
  });

  it('choices in groups, the other way last', async () => {
    login = await stage.open();
    await login.show({
      ...asksFor('int-1'),
      choices: [
        { id: 'm3', label: 'Another way', type: 'mfa_method', mfa_type: 'switch' },
        { id: 'm1', label: 'Text', type: 'mfa_method', mfa_type: 'sms', masked_destination: '•••12' },
        { id: 'm2', label: 'Text', type: 'mfa_method', mfa_type: 'sms', masked_destination: '•••98' },
        { id: 's1', label: 'Google', type: 'sso_provider' },
      ],
    });
    const inGroup = (name: string) =>
      login.page.getByRole('group', { name }).getByRole('button').allInnerTexts();
    await heading('Enter your sign-in details');
    expect(await inGroup('Ways to confirm')).toEqual(['Text\n•••12', 'Text\n•••98', 'Another way']);
    expect(await inGroup('Continue with')).toEqual(['Google']);
  });

  it('what to do elsewhere, and other ways', async () => {
    login = await stage.open();
    await login.show({
      ...asksFor('int-1'),
      flow_step: 'AWAITING_EXTERNAL_ACTION',
      external_action_message: 'Tap 42 in the app',
      sso_provider: 'google',
      fields: null,
      choices: [{ id: 'm1', label: 'Text', type: 'mfa_method', mfa_type: 'sms' }],
    });
    await seen('Tap 42 in the app');
    await seen('You are now at Google.');
    await login.page.getByRole('status').filter({ hasText: 'Waiting for you' }).waitFor();
    expect(await login.page.getByRole('button').allInnerTexts()).toEqual(['Text']);
  });

  it.each([
    ['SUCCESS', {}, 'You are signed in', /shop\.example is connected/],
    ['FAILED', { error_code: 'captcha_blocked' }, 'The sign-in failed', /picture puzzle/],
    ['EXPIRED', { error_code: 'awaiting_input_timeout' }, 'This sign-in has expired', /No answer came/],
    [
      'EXPIRED',
      { error_code: 'external_action_timeout' },
      'This sign-in has expired',
      /confirmation did not/,
    ],
    ['CANCELED', {}, 'This sign-in was canceled', /close this page/],
  ] as const)('the end %s %j', async (flow_status, more, title, words) => {
    login = await stage.open({ context: PHONE });
    await seen(/Looking at/);
    await login.show({ ...NO_QUESTION, flow_status, flow_step: 'COMPLETED', ...more });
    await heading(title);
    await seen(words);
    await login.page.getByRole('heading', { name: title }).and(login.page.locator(':focus')).waitFor();
  });

  it('each question in the language of the browser, or of the address', async () => {
    login = await stage.open({ context: { locale: 'fr-CA' } });
    await login.show({ ...asksFor('int-1'), notice: 'restarted' });
    await heading('Saisissez vos identifiants');
    await seen('Le navigateur a dû être redémarré');
    const language = () => login.page.locator('html').getAttribute('lang');
    expect([await language(), await login.page.title()]).toEqual(['fr', 'Connexion à shop.example']);
    await login.page.goto(`${login.page.url()}?lang=ja`);
    await heading('ログイン情報を入力してください');
    expect(await language()).toBe('ja');
    await login.show({ ...NO_QUESTION, flow_status: 'FAILED', error_code: 'network_error' });
    await seen('サイトに接続できませんでした。');
    await seen(/新しいリンクを取得/);
  });

  it('nothing new while somebody types and only the revision changes', async () => {
    login = await stage.open();
    await login.show(asksFor('int-1'));
    await login.page.getByLabel('E-mail').fill('anna');
    await login.show({ website_error: 'One more thing' });
    await seen('One more thing');
    expect(await login.page.getByLabel('E-mail').inputValue()).toBe('anna');
    await login.page.getByLabel('E-mail').and(login.page.locator(':focus')).waitFor();
  });
});

describe('a person goes back to where the login was begun', () => {
  const success_url = 'https://app.example/done?tab=2';
  const begin = async () => {
    login = await stage.open({ body: { success_url, state: 's-1' } });
    await login.page
      .context()
      .route('https://app.example/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<h1>The application</h1>' }),
      );
    await seen(/Looking at/);
  };
  const outcomeOf = (address: string) => {
    const { origin, searchParams } = new URL(address);
    return [origin, ...['tab', 'flow_status', 'error_code', 'state'].map((name) => searchParams.get(name))];
  };

  it('by itself once it has succeeded, and never to this page again', async () => {
    await begin();
    await login.show({ ...NO_QUESTION, flow_status: 'SUCCESS', flow_step: 'COMPLETED' });
    await heading('You are signed in');
    expect(await login.page.getByRole('link').textContent()).toBe('Continue to app.example');
    await heading('The application');
    expect(outcomeOf(login.page.url())).toEqual(['https://app.example', '2', 'SUCCESS', null, 's-1']);
    expect(await login.page.evaluate('history.length')).toBe(2);
  });

  it('by a link where it has not', async () => {
    await begin();
    await login.page.reload();
    await login.show({ ...NO_QUESTION, flow_status: 'FAILED', error_code: 'bot_detected' });
    await heading('The sign-in failed');
    await login.page.getByRole('link', { name: 'Back to app.example' }).press('Enter');
    await heading('The application');
    expect(outcomeOf(login.page.url())).toEqual([
      'https://app.example',
      '2',
      'FAILED',
      'bot_detected',
      's-1',
    ]);
  });
});

describe('the link', () => {
  it('loses its code at once, and a reload goes on', async () => {
    login = await stage.open();
    await login.show(asksFor('int-1'));
    await heading('Enter your sign-in details');
    expect(new URL(login.page.url()).search).toBe('');
    await login.page.reload();
    await heading('Enter your sign-in details');
  });

  it('is opened as soon as there is a network', async () => {
    login = await stage.open();
    await seen(/Looking at/);
    const late = await login.page.context().newPage();
    let isAway = true;
    await late.route('**/exchange', (route) => (isAway ? route.abort() : route.continue()));
    await late.goto(`${login.link.split('?')[0]}?code=${'y'.repeat(43)}`);
    await late.getByRole('status').filter({ hasText: 'No connection' }).waitFor();
    isAway = false;
    await late.getByRole('heading', { name: 'This link does not work' }).waitFor();
  });

  it('shows the picture of the page that asks once there is one, and disturbs nobody who types', async () => {
    login = await stage.open();
    await login.show(asksFor('int-1'));
    const input = login.page.locator('input').first();
    await input.fill('adalovelace');
    await input.evaluate((each: { setSelectionRange?(from: number, to: number): void }) =>
      each.setSelectionRange?.(3, 3),
    );
    expect(await login.page.locator('details').count()).toBe(0);
    const { flow_id: flowId } = await login.show({});
    const { store, vault } = stage.test;
    await store.auth.previews.put({
      flowId,
      interactionId: 'int-1',
      expiresAt: '2099-01-01T00:00:00.000Z',
      sealed: vault.seal((await login.page.screenshot({ type: 'jpeg' })).toString('base64'), {
        use: 'preview',
        flowId,
      }),
    });
    const url = `/auth/connections/${login.connectionId}/flows/${flowId}/preview?interaction_id=int-1`;
    await login.show({ preview: { url } });
    await login.page.getByText('Show the page of shop.example').click();
    const picture = login.page.getByRole('img', { name: /Picture of the page of shop.example/ });
    await poll(() => picture.evaluate((image: { naturalWidth?: number }) => (image.naturalWidth ?? 0) > 0), {
      what: 'the picture is shown',
    });
    expect(
      await input.evaluate((each: { value?: string; selectionStart?: number }) => [
        each.value,
        each.selectionStart,
      ]),
    ).toEqual(['adalovelace', 3]);
  });

  it('opens once only', async () => {
    login = await stage.open();
    await seen(/Looking at/);
    const second = await login.page.context().newPage();
    await second.goto(login.link);
    await second.getByRole('heading', { name: 'This link was used already' }).waitFor();
  });

  it.each(['', '?code=wrong', `?code=${'x'.repeat(43)}`])(
    'with query "%s" says that it does not work',
    async (query) => {
      login = await stage.open({ query });
      await heading('This link does not work');
    },
  );

  it('is answered with headers that keep everything else out', async () => {
    login = await stage.open();
    const { status, headers } = await stage.test.get(new URL(login.link).pathname, { token: null });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each(['..%2fpage.html', '..%2f..%2f..%2fpackage.json', 'page.html', 'words.json'])(
    'leads to no file %s',
    async (file) => {
      login = await stage.open();
      const { status } = await stage.test.get(`/auth/hosted/assets/${file}`, { token: null });
      expect(status).toBe(404);
    },
  );
});
