import { describe, expect, it } from '@jest/globals';
import type { StepFacts } from '../../../src/contract/index.ts';
import type { PlannedAct } from '../../../src/core/auth/planned-act.ts';
import { shownPath } from '../../../src/core/auth/shown-path.ts';
import { stepText } from '../../../src/core/auth/step-words.ts';
import { actFacts, decisionFacts, pageFacts, resultOf } from '../../../src/core/auth/timeline-steps.ts';
import { aChoice, aField, aForm, LOGGED_IN } from '../../support/scripted-browser.ts';

const form = aForm(['username', 'password', aField('tenant', { label: '' })], {
  url: 'https://site.example/login/8c6a1c2f9d7e4b0fa1d2/ada@example.com/step',
  websiteError: 'The password of ada@example.com is wrong',
  choices: [
    aChoice('g', { type: 'sso_provider', label: 'Google' }),
    aChoice('m', { type: 'sso_provider', label: 'Continue as ada@example.com' }),
  ],
});
const step = (more: Partial<StepFacts> = {}): StepFacts => ({
  n: 1,
  at: '2026-11-21T12:00:00.000Z',
  read_ms: 812,
  page: pageFacts(form),
  ...more,
});
const fill: PlannedAct['fill'] = [
  { fieldId: 'fld_username', ref: 'username', from: { kind: 'submitted', secretId: 's', keep: true } },
  { fieldId: 'fld_password', ref: 'password', from: { kind: 'credential', key: 'password' } },
];

describe('a step of the timeline', () => {
  it('tells types and counts of what a page asks, and no text of the site', () => {
    const facts = pageFacts(form);
    expect(facts).toEqual({
      purpose: 'login',
      url: 'https://site.example/login/…/…/step',
      fields: [
        { ref: 'username', type: 'identifier', required: true },
        { ref: 'password', type: 'password', required: true },
        { ref: 'tenant', type: 'text', required: true },
      ],
      labels: 2,
      choices: [{ type: 'sso_provider', count: 2 }],
      complaint: true,
    });
    expect(JSON.stringify(facts)).not.toMatch(/ada|wrong|Google/);
  });

  it.each([
    [aForm(['code']), 'code'],
    [aForm(['password', 'new_password']), 'change_password'],
    [aForm([], { choices: [aChoice('sms')] }), 'choice'],
    [LOGGED_IN, 'logged_in'],
    [{ kind: 'blocked' as const, code: 'captcha_blocked' as const, url: 'https://site.example/' }, 'blocked'],
  ])('names what a page was taken for: %#', (page, purpose) => {
    expect(pageFacts(page).purpose).toBe(purpose);
  });

  it('says why a person is asked', () => {
    const ask = (asked = form.fields, known = fill) => ({ kind: 'ask' as const, asked, known });
    const because = (refused: boolean, countsAttempts: boolean, plan = ask()) =>
      decisionFacts(form, plan, { refused, countsAttempts }).why;
    expect(because(false, false)).toBe('lacking');
    expect(because(true, false)).toBe('refused');
    expect(because(true, true)).toBe('attempts_counted');
    expect(because(false, false, ask([]))).toBe('choice');
  });

  it('says that a form came again only where something was sent', () => {
    const acted = (outcome: 'done' | 'not_sent' | 'unknown') =>
      resultOf({ act: actFacts([], { fingerprint: '', fill, submit: true }, { outcome }, 5) }, form, true);
    expect([acted('done'), acted('not_sent'), acted('unknown')]).toEqual(['rejected', 'not_sent', 'unknown']);
    const unheard = actFacts(
      [],
      { fingerprint: '', fill, submit: true },
      { outcome: 'done', sent: false },
      5,
    );
    expect(resultOf({ act: unheard }, form, true)).toBe('not_sent');
    expect(resultOf({}, form, true)).toBe('next_page');
    expect(resultOf({}, LOGGED_IN, false)).toBe('logged_in');
  });

  it('is told in words', () => {
    const act = actFacts(form.choices, { fingerprint: '', fill, submit: true }, { outcome: 'done' }, 1_840);
    const decision = decisionFacts(
      form,
      { kind: 'ask', asked: form.fields.slice(0, 1), known: fill.slice(1) },
      { refused: false, countsAttempts: false },
    );
    expect(stepText(step({ decision, waited_ms: 4_210, act, result: 'rejected' }))).toBe(
      'Read a login form at https://site.example/login/…/…/step with fields username (identifier), password and tenant (text), ' +
        '2 of them labelled; choices 2 × sso_provider, after 812 ms. The site showed a complaint. ' +
        'Asked a person for username, and filled in password, since not everything that it asks is stored. That took 4.2 s. ' +
        'Typed username from a person and password from the credential and submitted in 1.8 s. ' +
        'The same form came again: the site did not take it.',
    );
  });

  it('is told in words where nothing was sent, and where no page was opened', () => {
    const report = { outcome: 'not_sent', reason: 'other_site' } as const;
    const act = actFacts([], { fingerprint: '', fill: fill.slice(1), submit: true }, report, 90);
    expect(stepText(step({ act, result: 'not_sent' }))).toContain(
      'Nothing was sent (what is stored is for another host); meant was: typed password from the credential and submitted.',
    );
    const { page: _page, ...unopened } = step({
      read_ms: 20_012,
      result: 'failed',
      error_code: 'network_error',
    });
    expect(stepText(unopened)).toBe(
      'No page could be opened in 20.0 s. There it ended. The login ended with network_error.',
    );
  });
});

describe('a path as it is shown', () => {
  it.each([
    ['https://site.example/', 'https://site.example/'],
    ['http://localhost:8080/realms/demo/login', 'http://localhost:8080/realms/demo/login'],
    ['https://site.example/reset/eyJhbGciOiJIUzI1NiJ9abc', 'https://site.example/reset/…'],
    ['https://site.example/u/ada%40example.com', 'https://site.example/u/…'],
    ['https://site.example/a/1234567/b', 'https://site.example/a/…/b'],
    ['https://site.example/app;jsessionid=1A2B/login', 'https://site.example/…/login'],
    ['https://site.example/identity/sign-in', 'https://site.example/identity/sign-in'],
    ['', ''],
  ])('%s', (url, shown) => {
    expect(shownPath(url)).toBe(shown);
  });
});
