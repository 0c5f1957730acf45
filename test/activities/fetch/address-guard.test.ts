/** Goal: no spelling of an address of this machine or network passes for a public one. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPrivateAddress } from '../../../activities/fetch/address-guard.js';

const PRIVATE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '2001:0:53aa:64c::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '',
  'localhost',
];
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001::1',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
];

describe('the guard of addresses', () => {
  it.each(PRIVATE)('takes %s for private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(PUBLIC)('takes %s for public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  it('judges an address the same in each of its spellings', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const verdicts = [address, `::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`].map(
          isPrivateAddress,
        );
        return new Set(verdicts).size === 1;
      }),
    );
  });

  it('never takes what an address of this machine looks like after parsing for public', () => {
    const spellings = [
      '127.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '127.0.0.1.',
      '①②⑦.0.0.1',
      '[::ffff:7f00:1]',
    ];
    const hosts = spellings.map((host) => new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, ''));
    expect(hosts.map(isPrivateAddress)).toEqual(spellings.map(() => true));
  });
});
