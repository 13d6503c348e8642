import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { allowedReturn } from '../../../src/api/auth/hosted/return-rules.ts';

const OWN = 'https://longturn.shop.example';
const rules = (own = OWN, origins: string[] = []) => ({ publicUrl: () => own, origins });

describe('people may be sent to', () => {
  it.each([
    [OWN, 'https://longturn.shop.example/done?x=1#y'],
    [OWN, 'https://app.shop.example:8443/'],
    [OWN, 'https://shop.example/'],
    ['http://127.0.0.1:8080', 'http://localhost:3000/done'],
    ['http://[::1]:8080', 'http://app.localhost/'],
    ['http://shop.example', 'https://app.shop.example/'],
    ['http://10.1.2.3:8080', 'http://10.1.2.3/'],
  ])('by %s: %s', (own, address) => {
    expect(allowedReturn(address, rules(own))).toBe(address);
  });

  it('an origin that is named, and no other on its host', () => {
    const named = rules(OWN, ['https://app.other.example', 'http://localhost:3000']);
    expect(allowedReturn('https://app.other.example/done', named)).toBe('https://app.other.example/done');
    expect(allowedReturn('http://localhost:3000/', named)).toBe('http://localhost:3000/');
    for (const address of [
      'http://app.other.example/',
      'https://app.other.example:444/',
      'http://localhost/',
    ])
      expect(allowedReturn(address, named)).toBeUndefined();
  });
});

describe('nobody is sent to', () => {
  it.each([
    'javascript:alert(1)//longturn.shop.example',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:https://longturn.shop.example/x',
    'ftp://longturn.shop.example/',
    '//longturn.shop.example/done',
    '/done',
    '',
    'https://',
    'https://other.example/',
    'https://longturn.shop.example@other.example/',
    'https://me@longturn.shop.example/',
    'https://:pass@longturn.shop.example/',
    'https://other.example\\@longturn.shop.example/',
    'https://other.example/https://longturn.shop.example',
    'https://longturn.shop.example.other.example/',
    'https://xshop.example/',
    'https://other.example%2f.shop.example/',
    'http://longturn.shop.example/',
    `https://shop.example/${'x'.repeat(2_000)}`,
    `https://shop.example/${'ä'.repeat(1_000)}`,
  ])('%s', (address) => {
    expect(allowedReturn(address, rules())).toBeUndefined();
  });

  it.each([
    ['https://longturn.github.io', 'https://stranger.github.io/'],
    ['https://longturn.co.uk', 'https://stranger.co.uk/'],
    ['https://10.1.2.3', 'https://10.1.2.4/'],
    ['https://longturn.example', 'https://localhost/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1.other.example/'],
  ])('by %s: %s, which is of another owner', (own, address) => {
    expect(allowedReturn(address, rules(own))).toBeUndefined();
  });

  it('an address that reads differently later: what is kept is what was judged', () => {
    expect(allowedReturn(' https:\\\\SHOP.example\\a\tb/../c ', rules())).toBe('https://shop.example/c');
  });
});

describe('the way back', () => {
  type Session = { success_url?: string; state?: string };
  type Flow = Record<string, string | null>;
  let returnAddress: (
    of: Session | undefined,
    ended: { connectionId: string; flow?: Flow },
  ) => URL | undefined;
  beforeAll(async () => {
    ({ returnAddress } = await import(path.resolve(import.meta.dirname, '../../../web/hosted/return.js')));
  });
  const flow = { flow_id: 'f-1', flow_status: 'FAILED', error_code: 'network_error' };

  it('tells how the login ended, with the state that it was begun with', () => {
    const session = { success_url: 'https://app.example/done?tab=2#top', state: 'a&b=c' };
    expect(returnAddress(session, { connectionId: 'c-1', flow })?.href).toBe(
      'https://app.example/done?tab=2&connection_id=c-1&flow_id=f-1&flow_status=FAILED&error_code=network_error&state=a%26b%3Dc#top',
    );
  });

  it('says nothing of an outcome but ours', () => {
    const session = { success_url: 'https://app.example/?flow_status=SUCCESS&error_code=x&state=own' };
    expect(returnAddress(session, { connectionId: 'c-1' })?.search).toBe('?state=own&connection_id=c-1');
  });

  it.each([undefined, {}, { success_url: 'javascript:alert(1)' }, { success_url: '/done' }])(
    'is none with %j',
    (session) => {
      expect(returnAddress(session, { connectionId: 'c-1', flow })).toBeUndefined();
    },
  );
});
