import { describe, expect, it } from '@jest/globals';
import { createBrowserGuard } from '../../../src/browser/browser-guard.ts';
import { isPublicAddress } from '../../../src/outbound/public-address.ts';
import { createHttpFetch } from '../../../src/tools/http-fetch.ts';
import { createWebhookTargets } from '../../../src/webhooks/webhook-targets.ts';
import { toolContext, toolErrorOf } from '../../support/tool-context.ts';

it.each([
  ['169.254.169.254', 'AWS, Azure, Google, Oracle, DigitalOcean'],
  ['169.254.170.2', 'AWS, containers'],
  ['169.254.170.23', 'AWS, Kubernetes'],
  ['fd00:ec2::23', 'AWS, Kubernetes'],
  ['169.254.169.123', 'AWS, time'],
  ['fd00:ec2::254', 'AWS'],
  ['fd20:ce::254', 'Google'],
  ['100.100.100.200', 'Alibaba'],
  ['169.254.0.23', 'Tencent'],
  ['169.254.42.42', 'Scaleway'],
  ['fd00:42::42', 'Scaleway'],
  ['fe80::a9fe:a9fe', 'OpenStack'],
  ['fd00:c1::a9fe:a9fe', 'Oracle'],
  ['10.96.0.1', 'Kubernetes, its API'],
  ['fe80::1%eth0', 'link-local'],
  ['192.0.0.192', 'Oracle'],
  ['168.63.129.16', 'Azure'],
  ['::ffff:168.63.129.16', 'Azure, mapped'],
  ['64:ff9b::a83f:8110', 'Azure, by NAT64'],
])('%s, where machines of a cloud are told secrets (%s), is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(['1.1.1.1', '168.63.129.17', '2606:4700::1111'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

/** Every spelling of an IPv4 address that URL parsers know, and IPv6 addresses that lead to it. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = whole.toString(16).padStart(8, '0');
  const [high, low] = [hex.slice(0, 4), hex.slice(4)];
  const octal = [a, b, c, d].map((part) => `0${part.toString(8)}`).join('.');
  return [
    ...[address, `${address}.`, String(whole), `0x${hex}`, `0${whole.toString(8)}`, octal],
    ...[`0x${a.toString(16)}.${b}.${c * 256 + d}`, `${a}.${(b * 256 + c) * 256 + d}`],
    ...[address.replaceAll('.', '%2e'), address.replaceAll('.', '\u3002'), address.replaceAll('1', '\uFF11')],
    ...[`[::ffff:${address}]`, `[::ffff:${high}:${low}]`, `[::${address}]`, `[64:ff9b::${high}:${low}]`],
    ...[`[64:ff9b:1::${high}:${low}]`, `[2002:${high}:${low}::]`, `[0:0:0:0:0:FFFF:${high}:${low}]`],
  ];
}

describe('what fetches, logs in and delivers', () => {
  const metadata = ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', '169.254.170.2'];
  const hosts = [
    ...metadata.flatMap(spellings),
    ...[
      '[fd00:ec2::254]',
      '[FD00:EC2:0:0:0:0:0:254]',
      '[fd20:ce::254]',
      '[fe80::a9fe:a9fe]',
      '[fd00:42::42]',
    ],
  ];

  it.each(hosts)('does not reach %s', async (host) => {
    const url = new URL(`https://${host}/latest/meta-data/`);
    const fetched = createHttpFetch({ allow: [] }).run({ url: url.href }, toolContext('/nowhere'));
    expect(await toolErrorOf(fetched)).toMatchObject({ code: 'address_refused' });
    const visited = createBrowserGuard({ allow: [] }).addressesOf(url.hostname, 443);
    await expect(visited).rejects.toThrow('not a public address');
    expect(await createWebhookTargets({ allow: [] }).refusal(url)).toMatchObject({ code: 'address_refused' });
  });
});
