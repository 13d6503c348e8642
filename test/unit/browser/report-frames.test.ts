import { describe, expect, it } from '@jest/globals';
import type { Frame } from 'playwright-core';
import type { FrameSnapshot } from '../../../src/browser/page/frame-snapshot.ts';
import { loginFormsOf } from '../../../src/browser/page/login-form.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import type { ProbedFrame } from '../../../src/browser/page/probed-frame.ts';
import {
  impersonal,
  impersonalUrl,
  namesIn,
  withoutTokens,
} from '../../../src/browser/report/personal-words.ts';
import { REPORT_CHARACTERS, reportFrames } from '../../../src/browser/report/report-frames.ts';
import { createScrubber } from '../../../src/browser/scrubber.ts';
import { snapshotsOf } from '../../support/page-reports.ts';
import { useBrowser } from '../browser-page/test-browser.ts';

const browser = useBrowser();

const topOf = ({ frames = [] }: PageReading): FrameSnapshot => {
  const [top] = frames;
  if (!top) throw new Error('nothing was read');
  return top.snapshot;
};

const typed = (...values: string[]) => {
  const scrubber = createScrubber();
  for (const value of values) scrubber.add(value);
  return scrubber;
};

describe('what may be somebody’s', () => {
  it.each([
    ['Code sent to ada.lovelace@mail.example.org', 'Code sent to someone@example.com'],
    ['We texted +49 (151) 2345-6789', 'We texted +00 (000) 0000-0000'],
    ['Number ending in 42', 'Number ending in 00'],
    ['SMS to ••• ••42', 'SMS to ••• ••00'],
    ['Welcome back, Ada Lovelace!', 'Welcome back, •••!'],
    ['Continue as Ada', 'Continue as •••'],
    ['Your code is 918273', 'Your code is 000000'],
    ['Open https://x.example/m?token=abc&u=7', 'Open https://x.example/m?token=&u='],
    [
      'Welcome to the shop. Enter your user name and password.',
      'Welcome to the shop. Enter your user name and password.',
    ],
    ['2 attempts left', '2 attempts left'],
  ])('%s', (text, clean) => {
    expect(impersonal(text)).toBe(clean);
  });

  it.each([
    ['https://x.example/login?next=%2Fa&csrf=s3cr3t#top', 'https://x.example/login?next=&csrf=#top'],
    ['https://x.example/reset/6f1e9c2d8b7a4f30/ada@x.example', 'https://x.example/reset/•••/•••'],
    ['https://x.example/#access_token=abc123', 'https://x.example/'],
    ['javascript:void(0)', 'javascript:'],
  ])('in an address: %s', (url, clean) => {
    expect(impersonalUrl(url)).toBe(clean);
  });

  it('leaves names and ids of markup as they are, but for those of one visit', () => {
    expect(withoutTokens('login-form__password-input')).toBe('login-form__password-input');
    expect(withoutTokens('#field-9f8e7d6c5b4a39281706')).toBe('#•••');
    expect(namesIn('ada.lovelace+shop@example.com')).toEqual(['ada', 'lovelace', 'shop']);
    expect(namesIn('admin')).toEqual([]);
  });
});

const CANARIES = {
  typedName: 'grace.hopper@navy.example',
  typedPassword: 'kanari-Pa55 "wörd"',
  storedPassword: 'kanari-stored-9x8y',
  hiddenToken: 'kanarihidden0a1b2c3d4e5f',
  readonlyValue: 'kanari-readonly-value',
  filledValue: 'kanari-autofilled-value',
  session: 'eyJhbGciOiJIUzI1NiJ9.eyJrYW5hcmkiOiIxMjM0NTYifQ.kanariSignature0123',
  otherMail: 'kanari.bystander@elsewhere.example',
  phone: '0151 98765432',
  code: '918273',
};

const PAGE = `
<h1>Welcome back, Grace Hopper</h1>
<p role="alert">The password ${CANARIES.typedPassword.replaceAll('"', '&quot;')} is wrong for ${CANARIES.typedName}. Call ${CANARIES.phone}.</p>
<p>Not you? Try ${CANARIES.otherMail}. Hello hopper. Your code was ${CANARIES.code}. ${CANARIES.storedPassword}</p>
<form id="login" name="login" method="post" action="/session?sid=${CANARIES.session}">
  <input type="hidden" name="csrf_token" value="${CANARIES.hiddenToken}" id="csrf-${CANARIES.hiddenToken}">
  <label for="u">User name</label><input id="u" name="username" autocomplete="username" value="${CANARIES.typedName}">
  <label for="p">Password</label><input id="p" type="password" name="password" autocomplete="current-password" value="${CANARIES.typedPassword.replaceAll('"', '&quot;')}">
  <label for="r">Branch</label><input id="r" name="branch" readonly value="${CANARIES.readonlyValue}">
  <input name="plan" value="${CANARIES.filledValue}" aria-label="Plan" data-token="${CANARIES.session}">
  <button>Log in</button>
  <a href="/forgot?mail=${CANARIES.typedName}&t=${CANARIES.session}" title="${CANARIES.session}">Forgot?</a>
</form>`;

describe('a report of a page', () => {
  it('holds nothing that was typed, is stored or filled in, of no kind, and is read as the page is', async () => {
    const reading = await browser.read(PAGE);
    const scrubber = typed(CANARIES.typedName, CANARIES.typedPassword);
    const frames = reportFrames(reading.frames ?? [], scrubber, [
      CANARIES.storedPassword,
      'profile-of-hopper',
    ]);
    const text = JSON.stringify(frames);
    for (const [kind, value] of Object.entries(CANARIES)) {
      expect([kind, text.includes(JSON.stringify(value).slice(1, -1))]).toEqual([kind, false]);
      expect([kind, text.includes(encodeURIComponent(value))]).toEqual([kind, false]);
    }
    expect(text).not.toMatch(/kanari|hopper|grace|98765432/i);

    const [frame] = snapshotsOf(JSON.stringify({ frames }));
    if (!frame) throw new Error('nothing is reported');
    const { snapshot } = frame;
    const kindsOf = (of: FrameSnapshot) =>
      loginFormsOf(of).map(({ purpose, entries }) => [purpose, entries.map(({ kind }) => kind)]);
    expect(kindsOf(snapshot)).toEqual(kindsOf(topOf(reading)));
    expect(snapshot.controls.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['User name', 'Password', 'Branch', 'Log in']),
    );
  });

  it('stays within its bounds however large the page is, and keeps what asks for a login', async () => {
    const links = Array.from(
      { length: 300 },
      (_, n) => `<li><a href="/c/${n}/${'x'.repeat(300)}">${'Garden '.repeat(40)}</a></li>`,
    );
    const reading = await browser.read(
      `<form><input name="username"><input type="password" name="password"><button>Log in</button></form><ul>${links.join('')}</ul>`,
    );
    const [top] = reading.frames ?? [];
    if (!top) throw new Error('nothing was read');
    const many: ProbedFrame[] = Array.from({ length: 6 }, () => ({ ...top, frame: {} as Frame }));
    const frames = reportFrames(many, typed(), []);
    expect(JSON.stringify(frames).length).toBeLessThan(REPORT_CHARACTERS * 1.2);
    const names = snapshotsOf(JSON.stringify({ frames }))[0]?.snapshot.controls.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['username', 'password']));
  });
});
