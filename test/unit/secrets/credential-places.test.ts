import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CredentialOrigin,
  isUsableBy,
  isWithin,
  mayBeTypedOn,
} from '../../../src/secrets/credential-places.ts';
import { isSameSite } from '../../../src/secrets/match-domain.ts';

const stored = (domain: string, ssoProvider?: string): CredentialOrigin => ({
  source: 'store',
  domains: [domain],
  ...(ssoProvider !== undefined && { ssoProvider }),
});

describe('a stored value', () => {
  it.each([
    ['shop.example', 'https://shop.example/login', true],
    ['shop.example', 'https://www.shop.example/', true],
    ['www.shop.example', 'https://shop.example/', true],
    ['www.shop.example', 'https://login.shop.example/', true],
    ['shop.example', 'https://login.shop.example/a?b#c', true],
    ['shop.example', 'https://shop.example./', true],
    ['shop.example', 'https://notshop.example/', false],
    ['shop.example', 'https://shop.example.evil.test/', false],
    ['shop.example', 'https://shop.example@evil.test/', false],
    ['shop.example', 'https://evil.test/?https://shop.example/', false],
    ['app.shop.example', 'https://shop.example/', false],
    ['app.shop.example', 'https://login.shop.example/', false],
    ['shop.example', 'https://shop.example:8443/', false],
    ['shop.example:8443', 'https://shop.example:8443/', true],
    ['shop.example:8443', 'https://shop.example/', false],
    ['shop.example:443', 'https://shop.example/', true],
    ['localhost:4600', 'http://localhost:4600/', true],
    ['localhost:4600', 'http://127.0.0.1:4600/', false],
    ['one.okta.com', 'https://one.okta.com/', true],
    ['one.okta.com', 'https://two.okta.com/', false],
    ['okta.com', 'https://two.okta.com/', false],
    ['github.io', 'https://ann.github.io/', false],
    ['ann.github.io', 'https://bob.github.io/', false],
    ['www.github.io', 'https://github.io/', false],
    ['co.uk', 'https://shop.co.uk/', false],
    ['shop.example', 'data:text/html,shop.example', false],
    ['shop.example', 'about:blank', false],
    ['shop.example', '', false],
  ])('of %s may be typed on %s: %p', (domain, page, may) => {
    expect(mayBeTypedOn(stored(domain), [], page)).toBe(may);
  });

  it.each([
    ['app.shop.example', ['login.shop.example'], 'https://login.shop.example/', true],
    ['app.shop.example', ['*.shop.example'], 'https://login.shop.example/', true],
    ['app.shop.example', ['login.shop.example'], 'https://other.shop.example/', false],
    ['app.shop.example', ['login.shop.example'], 'https://login.shop.example:8443/', false],
    ['app.shop.example', ['login.shop.example:8443'], 'https://login.shop.example:8443/', true],
    ['app.shop.example', ['evil.test'], 'https://evil.test/', false],
    ['ann.github.io', ['bob.github.io'], 'https://bob.github.io/', false],
  ])(
    'of %s goes to hosts that were vouched for (%j), of its own site only: %s %p',
    (domain, vouched, page, may) => {
      expect(mayBeTypedOn(stored(domain), vouched, page)).toBe(may);
    },
  );

  it.each([
    ['shop.example', 'google', 'https://accounts.google.com/v3/signin', true],
    ['google.com', 'Google', 'https://accounts.google.com/', true],
    ['shop.example', 'google', 'https://shop.example/', false],
    ['shop.example', 'google', 'https://accounts.google.com:8443/', false],
    ['google.com', 'google', 'https://sites.google.com/', false],
    ['one.okta.com', 'okta', 'https://one.okta.com/', true],
    ['one.okta.com', 'okta', 'https://two.okta.com/', false],
    ['shop.example', 'okta', 'https://two.okta.com/', false],
    ['id.contoso.example', 'contoso', 'https://id.contoso.example/', true],
    ['id.contoso.example', 'contoso', 'https://evil.test/', false],
  ])('of %s by %s may be typed on %s: %p', (domain, provider, page, may) => {
    expect(mayBeTypedOn(stored(domain, provider), [], page)).toBe(may);
  });

  it.each([
    [['https://bank.example/login'], 'https://bank.example/', true],
    [['*.bank.example'], 'https://app.bank.example/', true],
    [['localhost'], 'http://localhost:4600/', true],
    [['bank.example'], 'https://evil.test/', false],
    [[], 'https://bank.example/', false],
  ])('of an item for %j may be typed on %s: %p', (domains, page, may) => {
    expect(mayBeTypedOn({ source: 'external', domains }, ['evil.test'], page)).toBe(may);
  });

  it('is never typed on another site, whatever was vouched for', () => {
    const host = fc.constantFrom(
      ...[
        'shop.example',
        'login.shop.example',
        'www.shop.example',
        'evil.test',
        'one.okta.com',
        'two.okta.com',
      ],
      ...[
        'ann.github.io',
        'bob.github.io',
        'github.io',
        'okta.com',
        'localhost',
        '127.0.0.1',
        'a.co.uk',
        'co.uk',
      ],
    );
    const named = fc.tuple(fc.constantFrom('', '*.'), host).map((parts) => parts.join(''));
    fc.assert(
      fc.property(host, fc.array(named, { maxLength: 4 }), host, (domain, vouched, page) => {
        const may = mayBeTypedOn(stored(domain), vouched, `https://${page}/`);
        if (may) expect(isSameSite(domain, page)).toBe(true);
        // Nobody's word but the owner's: without it, no sibling and no parent.
        if (mayBeTypedOn(stored(domain), [], `https://${page}/`)) {
          const bare = (name: string) => name.replace(/^www\./, '');
          expect(bare(page) === bare(domain) || page.endsWith(`.${bare(domain)}`)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a host that a connection may lead to', () => {
  it.each([
    ['login.shop.example', 'shop.example', true],
    ['*.shop.example', 'shop.example', true],
    ['shop.example', 'www.shop.example', true],
    ['evil.test', 'shop.example', false],
    ['shop.example', 'login.shop.example', false],
    ['*.example', 'shop.example', false],
    ['*.okta.com', 'okta.com', false],
    ['two.okta.com', 'one.okta.com', false],
    ['localhost:4601', 'localhost:4600', false],
    ['localhost:4600', 'localhost:4600', true],
  ])('%s is no wider than %s: %p', (pattern, domain, within) => {
    expect(isWithin(pattern, domain)).toBe(within);
  });
});

describe('a credential', () => {
  it.each([
    [stored('shop.example'), 'login.shop.example', [], true],
    [stored('shop.example'), 'evil.test', [], false],
    [stored('auth.corp.test'), 'shop.example', ['auth.corp.test'], true],
    [stored('shop.example', 'google'), 'evil.test', [], false],
    [stored('google.com', 'google'), 'shop.example', [], true],
    [stored('one.okta.com', 'okta'), 'shop.example', [], true],
  ])('%j is of use to %s that may lead to %j: %p', (credential, domain, allowedDomains, isOf) => {
    expect(isUsableBy(credential, { domain, allowedDomains })).toBe(isOf);
  });
});
