import { formatIp, parseIp, type IpAddress } from './ip-address.ts';

/** A CIDR range (RFC 4632, RFC 4291). */
export interface IpRange extends IpAddress {
  readonly prefix: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;
/** Bits before the IPv4 address in an IPv4-mapped one. */
const MAPPED_PREFIX = 96;

/**
 * Reads "10.0.0.0/8", "2001:db8::/32" or a single address; null for anything else. What is behind the prefix is set to
 * zero. A range written IPv4-mapped is the IPv4 range, and must not be wider than all of IPv4.
 */
export function parseIpRange(text: string): IpRange | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const ip = parseIp(address);
  if (!ip || rest.length > 0 || (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix))) return null;
  const width = WIDTH[ip.version];
  const before = ip.version === 4 && address.includes(':') ? MAPPED_PREFIX : 0;
  const bits = prefix === undefined ? width : Number(prefix) - before;
  if (bits < 0 || bits > width) return null;
  const behind = BigInt(width - bits);
  return { version: ip.version, value: (ip.value >> behind) << behind, prefix: bits };
}

/** The one way to write a range: always with its prefix. */
export const formatIpRange = (range: IpRange): string => `${formatIp(range)}/${range.prefix}`;

/** Whether an address is in a range. IPv4 is in no IPv6 range and the other way round, not even in ::/0. */
export function isInRange({ version, value }: IpAddress, range: IpRange): boolean {
  const behind = BigInt(WIDTH[range.version] - range.prefix);
  return version === range.version && value >> behind === range.value >> behind;
}

/**
 * Whether a key with these ranges may be used from the address (FEATURES B5): from anywhere without ranges, and with
 * any from nowhere else. A text that is no address is in no range.
 */
export function isAllowedFrom(ranges: readonly IpRange[], address: string | undefined): boolean {
  if (ranges.length === 0) return true;
  const ip = address === undefined ? null : parseIp(address);
  return ip !== null && ranges.some((range) => isInRange(ip, range));
}

/** The widest ranges of which it can be said that somebody works from them: of a company, not of the world. */
const WIDEST_BOUND = { 4: 16, 6: 32 } as const;

/** Whether a key with these ranges works from few addresses, as one that pays out does: there are any, and none is wide. */
export const isBound = (ranges: readonly IpRange[]): boolean =>
  ranges.length > 0 && ranges.every(({ version, prefix }) => prefix >= WIDEST_BOUND[version]);
