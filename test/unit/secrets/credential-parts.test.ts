import { describe, expect, it } from '@jest/globals';
import { credentialKey, credentialValues } from '../../../src/secrets/credential-keys.ts';
import { isSameSite, matchesDomain } from '../../../src/secrets/match-domain.ts';
import { totpAt, totpSecretOf } from '../../../src/secrets/totp.ts';

describe('keys of a credential', () => {
  it.each(['email', 'login', 'user', 'user_name', 'Email', 'username'])('%s is username', (key) => {
    expect(credentialKey(key)).toBe('username');
  });

  it('are otherwise the name of the field', () => {
    expect(credentialValues({ password: 'p', tenant: 't' })).toEqual({ password: 'p', tenant: 't' });
  });

  it('take what is called username before its other names, and else the first', () => {
    expect(credentialValues({ email: 'e', username: 'u', login: 'l' })).toEqual({ username: 'u' });
    expect(credentialValues({ login: 'l', email: 'e' })).toEqual({ username: 'l' });
  });
});

describe('a domain of an item', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['Example.com', 'example.com', true],
    ['example.com', 'app.example.com', false],
    ['*.example.com', 'app.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'badexample.com', false],
    ['https://example.com/login?x=1', 'example.com', true],
    ['https://example.com:8443/login', 'example.com', false],
    ['https://example.com:8443/login', 'example.com:8443', true],
    ['localhost', 'localhost:4600', true],
    ['localhost:4601', 'localhost:4600', false],
    ['example.com/login', 'example.com', true],
    ['', 'example.com', false],
    ['https://', 'example.com', false],
  ])('%j and %j: %p', (pattern, domain, matches) => {
    expect(matchesDomain(pattern, domain)).toBe(matches);
  });

  it.each([
    ['example.com', 'app.example.com', true],
    ['example.co.uk', 'other.co.uk', false],
    ['ann.github.io', 'bob.github.io', false],
    ['localhost:4600', 'localhost:4601', true],
    ['localhost', '127.0.0.1', false],
    ['10.0.0.1', '10.0.0.2', false],
  ])('%j and %j are of one site: %p', (one, other, same) => {
    expect(isSameSite(one, other)).toBe(same);
  });
});

describe('a one-time code', () => {
  // RFC 6238, appendix B, SHA-1; the last six of the eight digits.
  const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [20_000_000_000, '353130'],
  ])('at second %d is %s', (second, code) => {
    const made = totpAt(SECRET, new Date(second * 1_000));
    expect(made.code).toBe(code);
    expect(made.step).toBe(Math.floor(second / 30));
    expect(made.expiresAt.getTime() / 1_000).toBe((made.step + 1) * 30);
  });

  it.each([
    ['JBSW Y3DP-ehpk3pxp', 'JBSWY3DPEHPK3PXP'],
    ['otpauth://totp/Site:ann?secret=JBSWY3DPEHPK3PXP&issuer=Site', 'JBSWY3DPEHPK3PXP'],
    ['otpauth://totp/a?secret=jbswy3dpehpk3pxp&algorithm=SHA1&digits=6&period=30', 'JBSWY3DPEHPK3PXP'],
    ['otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&digits=8', undefined],
    ['otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256', undefined],
    ['otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=1', undefined],
    ['otpauth://totp/a', undefined],
    ['123456', undefined],
    ['', undefined],
  ])('comes of %j: %p', (text, secret) => {
    expect(totpSecretOf(text)).toBe(secret);
  });
});
