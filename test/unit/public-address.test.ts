import { expect, it } from '@jest/globals';
import { isPublicAddress } from '../../src/public-address.ts';

it.each([
  ['169.254.169.254', 'AWS, Azure, Google, Oracle, DigitalOcean'],
  ['169.254.170.2', 'AWS, containers'],
  ['fd00:ec2::254', 'AWS'],
  ['fd20:ce::254', 'Google'],
  ['100.100.100.200', 'Alibaba'],
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
