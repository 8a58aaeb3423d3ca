import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { formatIp } from '../../../src/domain/access/ip-address.ts';
import { isPublicAddress } from '../../../src/domain/webhook/public-address.ts';

/** First and last address of each range that is closed, and the neighbours that are open. */
const V4 = `
  0.0.0.0 0.255.255.255 | 1.0.0.0
  10.0.0.0 10.255.255.255 | 9.255.255.255 11.0.0.0
  100.64.0.0 100.100.100.200 100.127.255.255 | 100.63.255.255 100.128.0.0
  127.0.0.0 127.0.0.1 127.255.255.255 | 126.255.255.255 128.0.0.0
  169.254.0.0 169.254.169.254 169.254.255.255 | 169.253.255.255 169.255.0.0
  172.16.0.0 172.31.255.255 | 172.15.255.255 172.32.0.0
  192.0.0.0 192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.255 | 191.255.255.255 192.0.1.0 192.0.3.0
  192.31.196.1 192.52.193.1 192.88.99.1 192.175.48.1 | 192.31.197.0 192.88.98.255
  192.168.0.0 192.168.255.255 | 192.167.255.255 192.169.0.0
  198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 | 198.17.255.255 198.20.0.0 198.51.101.0
  203.0.113.0 203.0.113.255 | 203.0.112.255 203.0.114.0
  168.63.129.16 | 168.63.129.15 168.63.129.17
  224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255 | 223.255.255.255 8.8.8.8 93.184.215.14`;

const V6 = `
  :: ::1 ::7f00:1 ::127.0.0.1 ::8.8.8.8 | 2606:4700::1111
  ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1 ::ffff:0:7f00:1 | 2a00::1
  64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::a00:1 | 2400::1
  100::1 100:0:0:1::1 5f00::1 1fff:ffff::1 4000::1 | 2000::1 3fff:1000::1
  2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::1 | 2001:200::1 2001:4860:4860::8888
  2001:db8::1 2001:db8:ffff:ffff::1 3fff::1 3fff:fff:ffff::1 | 2001:db7::1 2001:db9::1
  2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 | 2003::1
  2620:4f:8000::1 3ffe::1 | 2620:4f:8001::1 3ffd::1
  fc00::1 fd00:ec2::254 fd20:ce::254 fdff::1 fe80::1 febf::1 fec0::1 feff::1 ff00::1 ff02::1 | 2600::1`;

const rows = [V4, V6].flatMap((table) => table.trim().split('\n'));
const sides = rows.map((row) => row.split('|').map((side) => side.trim().split(/\s+/)));

describe('strangers may not have the gateway speak to', () => {
  test.each(sides.flatMap(([closed = []]) => closed))('%s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('strangers may have the gateway speak to', () => {
  test.each(sides.flatMap(([, open = []]) => open))('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

test.each([
  '',
  'localhost',
  '1.2.3',
  '08.8.8.8',
  '8.8.8.8/32',
  '2606:4700::1%eth0',
  'fe80::1%lo',
  '[2606::1]',
  '134744072',
])('%j is no address', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

const v4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => formatIp({ version: 4, value }));
const v6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => formatIp({ version: 6, value }));
/** Mostly those that begin as special ones do. */
const special = fc
  .tuple(fc.constantFrom(...sides.flatMap(([closed = []]) => closed)), fc.bigInt({ min: 0n, max: 2n ** 20n }))
  .map(([address, more]) => {
    const parsed = ipaddr.parse(address);
    const width = parsed.kind() === 'ipv4' ? 32 : 128;
    const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return formatIp({ version: width === 32 ? 4 : 6, value: BigInt.asUintN(width, value + more) });
  });

test('whatever another library calls anything but unicast is closed', () => {
  fc.assert(
    fc.property(fc.oneof(v4, v6, special), (address) => {
      if (isPublicAddress(address)) expect(ipaddr.parse(address).range()).toBe('unicast');
    }),
    { numRuns: 20_000 },
  );
});
