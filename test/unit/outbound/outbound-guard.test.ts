import { describe, expect, it } from '@jest/globals';
import { createBrowserGuard } from '../../../src/browser/browser-guard.ts';
import { guardOf, type OutboundGuard } from '../../../src/outbound/outbound-guard.ts';
import { OutboundRefused } from '../../../src/outbound/outbound-refused.ts';
import type { Resolve } from '../../../src/outbound/resolve.ts';

const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('the guard of the browser', () => {
  it.each([
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fd00::1]',
    'localhost',
    'LOCALHOST.',
    'sso.localhost',
  ])('refuses %s', async (host) => {
    await expect(createBrowserGuard({ allow: [] }).addressesOf(host, 443)).rejects.toThrow(OutboundRefused);
  });

  it('refuses a name as soon as one of its addresses is private', async () => {
    const guard = createBrowserGuard({ allow: [], resolve: resolvesTo('93.184.215.14', '10.0.0.1') });
    await expect(guard.addressesOf('mixed.example.com', 443)).rejects.toThrow(OutboundRefused);
  });

  it('hands out the addresses of a public name, literals as they are', async () => {
    const guard = createBrowserGuard({ allow: [], resolve: resolvesTo('93.184.215.14') });
    expect(await guard.addressesOf('example.com', 443)).toEqual([{ address: '93.184.215.14', family: 4 }]);
    expect(await guard.addressesOf('1.1.1.1', 443)).toEqual([{ address: '1.1.1.1', family: 4 }]);
  });

  it('lets a listed host through by its own name and port only', async () => {
    const guard = createBrowserGuard({
      allow: ['127.0.0.1:4600', 'wiki.lan:443', '[::1]:4800'],
      resolve: resolvesTo('127.0.0.1'),
    });
    expect(await guard.addressesOf('127.0.0.1', 4600)).toHaveLength(1);
    expect(await guard.addressesOf('wiki.lan', 443)).toHaveLength(1);
    expect(await guard.addressesOf('[::1]', 4800)).toHaveLength(1);
    await expect(guard.addressesOf('localhost', 4600)).rejects.toThrow(OutboundRefused);
    await expect(guard.addressesOf('127.0.0.1', 4601)).rejects.toThrow(OutboundRefused);
    await expect(guard.addressesOf('rebinding.example.com', 4600)).rejects.toThrow(OutboundRefused);
  });

  it('allows plain http for listed loopback names only', () => {
    const guard = createBrowserGuard({ allow: ['localhost:4600', 'wiki.lan:80', 'sso.localhost:4601'] });
    expect(guard.allowsPlain('localhost', 4600)).toBe(true);
    expect(guard.allowsPlain('sso.localhost', 4601)).toBe(true);
    expect(guard.allowsPlain('localhost', 4601)).toBe(false);
    expect(guard.allowsPlain('127.0.0.1', 4600)).toBe(false);
    expect(guard.allowsPlain('wiki.lan', 80)).toBe(false);
    expect(guard.allowsPlain('example.com', 80)).toBe(false);
  });
});

/** What a lookup answers, or fails with. */
const lookedUp = (guard: OutboundGuard, url: URL): Promise<unknown> =>
  new Promise((done, failed) =>
    guard.lookupFor(url)(url.hostname, { all: true }, (error, found) =>
      error ? failed(error) : done(found),
    ),
  );
const refusedOf = (guard: OutboundGuard, url: string) =>
  (async () => lookedUp(guard, new URL(url)))().catch((error: unknown) => error);

describe('a guard that judges URLs', () => {
  const setting = 'LONGTURN_SOME_ALLOW';

  it('says what it refuses, where, and where it can be listed', async () => {
    const guard = guardOf({ allow: [], setting, resolve: resolvesTo('1.1.1.1', 'fd00::1') });
    const refused = await refusedOf(guard, 'http://Inside.example/');
    expect(refused).toBeInstanceOf(OutboundRefused);
    expect(refused).toMatchObject({
      code: 'address_refused',
      host: 'inside.example',
      port: 80,
      address: 'fd00::1',
      message:
        'inside.example:80 is not a public address; it may be reached only if LONGTURN_SOME_ALLOW names it.',
    });
    expect(() => guard.lookupFor(new URL('https://[::1]/'))).toThrow('[::1]:443 is not a public address');
  });

  it('hands out what it checked, and resolves a name once for it', async () => {
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '1.1.1.1' : '10.0.0.1', family: 4 }];
    };
    const guard = guardOf({ allow: [], setting, resolve });
    expect(await lookedUp(guard, new URL('https://rebind.example/'))).toEqual([
      { address: '1.1.1.1', family: 4 },
    ]);
    expect(asked).toBe(1);
  });

  it('lets names through by a listed address only where that is the rule', async () => {
    const rules = { allow: ['10.0.0.1:443', '[fd00::1]:443'], setting };
    for (const address of ['10.0.0.1', 'fd00::1']) {
      const resolve = resolvesTo(address);
      const byName = guardOf({ ...rules, resolve });
      const byAddress = guardOf({ ...rules, resolve, byAddress: true });
      expect(await refusedOf(byName, 'https://inside.example/')).toMatchObject({ code: 'address_refused' });
      expect(await lookedUp(byAddress, new URL('https://inside.example/'))).toHaveLength(1);
      expect(await refusedOf(byAddress, 'https://inside.example:444/')).toBeInstanceOf(OutboundRefused);
    }
  });

  it('takes http and names of the own network only where they are listed, if that is the rule', async () => {
    const resolve = resolvesTo('1.1.1.1');
    const guard = guardOf({ allow: ['hooks.internal:80'], setting, httpsOnly: true, resolve });
    expect(await refusedOf(guard, 'http://example.com/')).toMatchObject({ code: 'https_required' });
    expect(await refusedOf(guard, 'https://printer.local./')).toMatchObject({ code: 'address_refused' });
    expect(await refusedOf(guard, 'https://hooks.internal/')).toMatchObject({ code: 'address_refused' });
    expect(await lookedUp(guard, new URL('http://hooks.internal/'))).toHaveLength(1);
    expect(await lookedUp(guard, new URL('https://example.com/'))).toHaveLength(1);
  });
});
