import { describe, expect, it } from '@jest/globals';
import { createBrowserGuard } from '../../../src/browser/browser-guard.ts';
import { createNavigationPolicy, rootOf } from '../../../src/browser/site/navigation-policy.ts';

const guard = createBrowserGuard({ allow: ['localhost:4600', '127.0.0.1:4700', 'wiki.lan:80'] });
const policyOf = (domain: string, ...allowedDomains: string[]) =>
  createNavigationPolicy({ domain, allowedDomains }, guard);

describe('a navigation policy', () => {
  it.each([
    ['https://example.com/login?a=b', true],
    ['https://EXAMPLE.com./', true],
    ['https://accounts.example.com/', true],
    ['https://example.com:8443/', true],
    ['http://example.com/', false],
    ['https://notexample.com/', false],
    ['https://example.com.evil.net/', false],
    ['https://evil.net/example.com', false],
    ['https://example.com@evil.net/', false],
    ['https://id.partner.net/', true],
    ['https://other.partner.net/', false],
    ['https://sso.corp.net:8443/', true],
    ['https://sso.corp.net/', false],
    ['https://a.b.wild.net/', true],
    ['https://wild.net/', false],
    ['https://accounts.google.com/o/oauth2', true],
    ['https://acme.okta.com/', true],
    ['https://acme.eu.auth0.com/', true],
    ['https://okta.com/', false],
    ['https://accounts.google.com.evil.net/', false],
    ['about:blank', false],
    ['data:text/html,<input>', false],
    ['javascript:void 0', false],
    ['not a url', false],
  ])('lets values be typed at %s: %s', (url, allowed) => {
    const policy = policyOf('example.com', 'id.partner.net', 'sso.corp.net:8443', '*.wild.net');
    expect(policy.isAllowed(url)).toBe(allowed);
  });

  it('compares the port where the domain names one', () => {
    const policy = policyOf('example.com:8443');
    expect(policy.isAllowed('https://example.com:8443/')).toBe(true);
    expect(policy.isAllowed('https://example.com/')).toBe(false);
    expect(policyOf('example.com:443').isAllowed('https://example.com/')).toBe(true);
  });

  it('lets plain http be used for loopback names that are listed, and for nothing else', () => {
    expect(policyOf('localhost:4600').isAllowed('http://localhost:4600/')).toBe(true);
    expect(policyOf('127.0.0.1:4700').isAllowed('http://127.0.0.1:4700/')).toBe(true);
    expect(policyOf('127.0.0.1:4600').isAllowed('http://127.0.0.1:4600/')).toBe(false);
    expect(policyOf('localhost:4700').isAllowed('http://localhost:4700/')).toBe(false);
    expect(policyOf('wiki.lan').isAllowed('http://wiki.lan/')).toBe(false);
  });

  it('tells the site itself from where its login may lead', () => {
    const policy = policyOf('example.com', 'id.partner.net');
    expect(policy.isSite('https://www.example.com/')).toBe(true);
    expect(policy.isSite('https://id.partner.net/')).toBe(false);
    expect(policy.isSite('https://accounts.google.com/')).toBe(false);
  });

  it('begins at https, or at http where that is all there is', () => {
    expect(rootOf('example.com', guard)).toBe('https://example.com/');
    expect(rootOf('localhost:4600', guard)).toBe('http://localhost:4600/');
  });
});
