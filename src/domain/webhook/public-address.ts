import { parseIp } from '../access/ip-address.ts';
import { isInRange, parseIpRange } from '../access/ip-range.ts';

const ranges = (...texts: readonly string[]) => texts.map(parseIpRange).filter((range) => range !== null);

/**
 * IPv4 that is no public unicast: the registry of special addresses (RFC 6890) with what was added to it since,
 * multicast and reserved space.
 */
const SPECIAL_V4 = ranges(
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind a carrier's NAT; also the metadata of some clouds
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; the metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // automatic multicast tunnels
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '168.63.129.16/32', // public by its number, the host's own service inside Azure
);

/**
 * Of IPv6 only this is given out as global unicast (RFC 4291, 2.4). Outside of it stand loopback, mapped, compatible
 * and translated IPv4 (64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local, site-local, multicast and the rest.
 */
const GLOBAL_V6 = ranges('2000::/3');

const SPECIAL_V6 = ranges(
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: IPv4 in disguise
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // the former test network
  '3fff::/20', // documentation
);

/**
 * Whether an address is one that strangers may have the gateway speak to: globally routable unicast, of which no part
 * stands for another address (FEATURES W6). A text that is no plain address is none, also with a zone.
 */
export function isPublicAddress(text: string): boolean {
  const ip = parseIp(text);
  // An IPv4-mapped address is none of the internet's, even when the IPv4 address in it is.
  if (ip === null || (ip.version === 4 && text.includes(':'))) return false;
  if (ip.version === 4) return !SPECIAL_V4.some((range) => isInRange(ip, range));
  return GLOBAL_V6.some((range) => isInRange(ip, range)) && !SPECIAL_V6.some((range) => isInRange(ip, range));
}
