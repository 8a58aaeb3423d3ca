import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Finds the address of the caller. */
export type ClientIpOf = (request: IncomingMessage) => string;

/** An IPv4 address that came over an IPv6 socket is written as IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** Reads "10.0.0.0/8" or a single address into the list. Throws RangeError for anything else. */
export function addToBlockList(list: BlockList, cidr: string): void {
  const [address = '', prefix] = cidr.split('/');
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (version === 0 || bits < 0 || bits > widest)
    throw new RangeError(`not an address or CIDR range: ${cidr}`);
  list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The caller's address: the socket's, unless that is a trusted proxy; then the last entry of X-Forwarded-For that is
 * no trusted proxy itself. Anyone can send the header, so nothing left of that entry is believed.
 */
export function createClientIpOf(trustedProxies: readonly string[]): ClientIpOf {
  const trusted = new BlockList();
  for (const cidr of trustedProxies) addToBlockList(trusted, cidr);
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return (request) => {
    const peer = plain(request.socket.remoteAddress ?? '');
    const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
    if (forwarded === '') return peer;
    let caller = peer;
    for (const hop of forwarded.split(',').toReversed()) {
      if (!isTrusted(caller)) return caller;
      const address = plain(hop.trim());
      if (isIP(address) === 0) return caller;
      caller = address;
    }
    return caller;
  };
}
