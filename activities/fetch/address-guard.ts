import * as dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AttemptFailure } from './attempt-failure.js';

/** Networks of IPv4 that no public site lives in. */
const PRIVATE_NETWORKS_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** The same for IPv6; tunnels (6to4, Teredo) can lead to any address of IPv4. */
const PRIVATE_NETWORKS_V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Networks without IPv4 reach it under this prefix: such an address is as private as the one inside. */
const NAT64_PREFIX = '64:ff9b::';
const NAT64_PREFIX_BITS = 96;

const privateNetworks = new BlockList();
for (const [network, bits] of PRIVATE_NETWORKS_V4) {
  privateNetworks.addSubnet(network, bits, 'ipv4');
  privateNetworks.addSubnet(`${NAT64_PREFIX}${network}`, NAT64_PREFIX_BITS + bits, 'ipv6');
}
for (const [network, bits] of PRIVATE_NETWORKS_V6) privateNetworks.addSubnet(network, bits, 'ipv6');

/** True for every address that is not of the public internet, and for what is no address at all. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  return family === 0 || privateNetworks.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/** Says no to an address that stands in the URL itself: it is connected to without being looked up. */
export function refusePrivateLiteral(url: URL, isPrivate: (address: string) => boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isPrivate(host)) throw refusal(host);
}

/**
 * Looks names up as usual and lets only public addresses through. The connection is made to the address that was
 * checked, so that a name cannot change its mind in between.
 */
export function publicLookup(
  isPrivate: (address: string) => boolean,
  lookup: LookupFunction = dns.lookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) {
        callback(error, [], undefined);
        return;
      }
      const all = Array.isArray(found) ? found : [{ address: found, family: family ?? isIP(found) }];
      const allowed = all.filter(({ address }) => !isPrivate(address));
      const [first] = allowed;
      if (first === undefined) callback(refusal(hostname), [], undefined);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(host: string): AttemptFailure {
  return new AttemptFailure(
    'invalid_url',
    `${host} is a private address; set allow_private to fetch from it`,
  );
}
