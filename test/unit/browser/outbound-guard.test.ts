import { describe, expect, it } from '@jest/globals';
import {
  createOutboundGuard,
  OutboundRefusal,
  type Resolve,
} from '../../../src/browser/outbound/outbound-guard.ts';

const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('the outbound guard', () => {
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
    await expect(createOutboundGuard({ allow: [] }).addressesOf(host, 443)).rejects.toThrow(OutboundRefusal);
  });

  it('refuses a name as soon as one of its addresses is private', async () => {
    const guard = createOutboundGuard({ allow: [], resolve: resolvesTo('93.184.215.14', '10.0.0.1') });
    await expect(guard.addressesOf('mixed.example.com', 443)).rejects.toThrow(OutboundRefusal);
  });

  it('hands out the addresses of a public name, literals as they are', async () => {
    const guard = createOutboundGuard({ allow: [], resolve: resolvesTo('93.184.215.14') });
    expect(await guard.addressesOf('example.com', 443)).toEqual([{ address: '93.184.215.14', family: 4 }]);
    expect(await guard.addressesOf('1.1.1.1', 443)).toEqual([{ address: '1.1.1.1', family: 4 }]);
  });

  it('lets a listed host through by its own name and port only', async () => {
    const guard = createOutboundGuard({
      allow: ['127.0.0.1:4600', 'wiki.lan:443', '[::1]:4800'],
      resolve: resolvesTo('127.0.0.1'),
    });
    expect(await guard.addressesOf('127.0.0.1', 4600)).toHaveLength(1);
    expect(await guard.addressesOf('wiki.lan', 443)).toHaveLength(1);
    expect(await guard.addressesOf('[::1]', 4800)).toHaveLength(1);
    await expect(guard.addressesOf('localhost', 4600)).rejects.toThrow(OutboundRefusal);
    await expect(guard.addressesOf('127.0.0.1', 4601)).rejects.toThrow(OutboundRefusal);
    await expect(guard.addressesOf('rebinding.example.com', 4600)).rejects.toThrow(OutboundRefusal);
  });

  it('allows plain http for listed loopback names only', () => {
    const guard = createOutboundGuard({ allow: ['localhost:4600', 'wiki.lan:80', 'sso.localhost:4601'] });
    expect(guard.allowsPlain('localhost', 4600)).toBe(true);
    expect(guard.allowsPlain('sso.localhost', 4601)).toBe(true);
    expect(guard.allowsPlain('localhost', 4601)).toBe(false);
    expect(guard.allowsPlain('127.0.0.1', 4600)).toBe(false);
    expect(guard.allowsPlain('wiki.lan', 80)).toBe(false);
    expect(guard.allowsPlain('example.com', 80)).toBe(false);
  });
});
