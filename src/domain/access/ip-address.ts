/** An address as a number. An IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is the IPv4 address that it stands for. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
}

const WIDEST_TEXT = '0000:0000:0000:0000:0000:ffff:255.255.255.255'.length;
const MAPPED = 0xffffn;

/** Reads an address; null for anything else, also with a zone (fe80::1%eth0) or leading zeros in an IPv4 part. */
export function parseIp(text: string): IpAddress | null {
  if (text.length > WIDEST_TEXT) return null;
  const v4 = parseV4(text);
  if (v4 !== null) return { version: 4, value: v4 };
  const v6 = parseV6(text);
  if (v6 === null) return null;
  return v6 >> 32n === MAPPED ? { version: 4, value: v6 & 0xffff_ffffn } : { version: 6, value: v6 };
}

/** The one way to write an address: dotted for IPv4, RFC 5952 for IPv6. */
export function formatIp({ version, value }: IpAddress): string {
  return version === 4 ? parts(value, 4, 8n).join('.') : formatV6(value);
}

/** The address in its one form, or null when the text is none. */
export function canonicalIp(text: string): string | null {
  const address = parseIp(text);
  return address && formatIp(address);
}

/** Whom an address counts as: whoever has an IPv6 address has the 2^64 addresses around it as well. */
export function networkOf(address: string): string {
  const ip = parseIp(address);
  if (!ip) return address;
  return formatIp(ip.version === 4 ? ip : { version: 6, value: (ip.value >> 64n) << 64n });
}

function parseV4(text: string): bigint | null {
  const bytes = text.split('.');
  if (bytes.length !== 4 || !bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) <= 255))
    return null;
  return joined(bytes, 8n, '');
}

function parseV6(text: string): bigint | null {
  const [head = [], tail, ...more] = withoutDots(text)
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')));
  if (more.length > 0) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? joined(groups, 16n, '0x') : null;
}

/** The last 32 bits may be written as an IPv4 address: here they become two groups. */
function withoutDots(text: string): string {
  const end = text.lastIndexOf(':') + 1;
  const v4 = parseV4(text.slice(end));
  if (v4 === null) return text;
  const [high = 0n, low = 0n] = parts(v4, 2, 16n);
  return `${text.slice(0, end)}${high.toString(16)}:${low.toString(16)}`;
}

const joined = (digits: readonly string[], bits: bigint, prefix: '' | '0x'): bigint =>
  digits.reduce((value, digit) => (value << bits) | BigInt(`${prefix}${digit}`), 0n);

/** The value in parts of some bits, highest first. */
const parts = (value: bigint, count: number, bits: bigint): bigint[] =>
  Array.from({ length: count }, (_, i) =>
    BigInt.asUintN(Number(bits), value >> (bits * BigInt(count - 1 - i))),
  );

/** RFC 5952: lower case, no leading zeros, the first longest run of two zero groups or more as "::". */
function formatV6(value: bigint): string {
  const text = parts(value, 8, 16n)
    .map((group) => group.toString(16))
    .join(':');
  const runs = [...text.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return text;
  const head = text.slice(0, longest.index).replace(/:$/, '');
  return `${head}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`;
}
