import type { IncomingMessage } from 'node:http';
import { canonicalIp, formatIp, parseIp } from '../domain/access/ip-address.ts';
import { isInRange, parseIpRange, type IpRange } from '../domain/access/ip-range.ts';

/** Finds the address of the caller. */
export type ClientIpOf = (request: IncomingMessage) => string;

/**
 * The caller's address: the socket's, unless that is a trusted proxy; then the last entry of X-Forwarded-For that is
 * no trusted proxy itself. Anyone can send the header, so nothing left of that entry is believed, nor left of one that
 * is no address. Forwarded (RFC 7239) and X-Real-IP are not read: a proxy that does not set them lets them through.
 * Throws RangeError for a proxy that is neither an address nor a CIDR range.
 */
export function createClientIpOf(trustedProxies: readonly string[]): ClientIpOf {
  const trusted = trustedProxies.map(readRange);
  const isTrusted = (address: string): boolean => {
    const ip = parseIp(address);
    return ip !== null && trusted.some((range) => isInRange(ip, range));
  };
  return ({ socket, headers }) => {
    const peer = peerAddress(socket.remoteAddress ?? '');
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',');
    if (forwarded === '' || !isTrusted(peer)) return peer;
    let caller = peer;
    for (const hop of forwarded.split(',').toReversed()) {
      const address = hopAddress(hop.trim());
      if (address === null) return caller;
      caller = address;
      if (!isTrusted(caller)) return caller;
    }
    return caller;
  };
}

function readRange(cidr: string): IpRange {
  const range = parseIpRange(cidr);
  if (!range) throw new RangeError(`not an address or CIDR range: ${cidr}`);
  return range;
}

/** A socket's address in its one form, without the zone of a link-local one. */
const peerAddress = (remote: string): string =>
  remote.includes(':') ? (canonicalIp(remote.replace(/%.*$/, '')) ?? remote) : remote;

/** An entry of the header: an address, as some proxies write it with brackets or port; null for anything else. */
function hopAddress(hop: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop) ?? [];
  const ip = parseIp(bracketed ?? dotted ?? hop);
  return ip && formatIp(ip);
}
