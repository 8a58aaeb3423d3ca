import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalIp, parseIp } from '../../../src/domain/access/ip-address.ts';
import {
  formatIpRange,
  isAllowedFrom,
  isBound,
  parseIpRange,
  type IpRange,
} from '../../../src/domain/access/ip-range.ts';

const canonicalRange = (text: string): string | null => {
  const range = parseIpRange(text);
  return range && formatIpRange(range);
};

const ranges = (...texts: string[]): IpRange[] =>
  texts.map((text) => parseIpRange(text)).filter((range) => range !== null);

describe('an address', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['10:0:0:100:0:0:0:10', '10:0:0:100::10'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['::203.0.113.9', '::cb00:7109'],
    ['64:ff9b::203.0.113.9', '64:ff9b::cb00:7109'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '203.0.113',
    '203.0.113.9.1',
    '203.0.113.256',
    '203.0.113.09',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    '-1.0.0.0',
    '203.0.113.9 ',
    '203.0.113.9:80',
    '[::1]',
    ':::',
    '1:::2',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '::ffff:203.0.113.256',
    '203.0.113.9::',
    '١.١.١.١',
    'localhost',
    '0'.repeat(5000),
  ])('%j is none', (text) => {
    expect(parseIp(text)).toBeNull();
  });

  test('is written as the URL standard writes it', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        fc.pre(parseIp(text)?.version === 6);
        expect(canonicalIp(text)).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a range', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9/32'],
    ['203.0.113.9/24', '203.0.113.0/24'],
    ['10.255.255.255/8', '10.0.0.0/8'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['2001:db8:ffff::1/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['::ffff:10.1.2.3', '10.1.2.3/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalRange(text)).toBe(canonical);
    expect(canonicalRange(canonical)).toBe(canonical);
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/1e1',
    '/8',
    '::/129',
    '::ffff:10.0.0.0/95',
    '10.0.0.0-10.0.0.9',
    '*',
  ])('%j is none', (text) => {
    expect(parseIpRange(text)).toBeNull();
  });

  test('holds what node:net’s BlockList holds', () => {
    const v4 = fc.record({ ip: fc.ipV4(), prefix: fc.integer({ min: 0, max: 32 }), near: fc.ipV4() });
    const v6 = fc.record({ ip: fc.ipV6(), prefix: fc.integer({ min: 0, max: 128 }), near: fc.ipV6() });
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.boolean(), ({ ip, prefix, near }, itself) => {
        const address = itself ? ip : near;
        const version = parseIp(ip)?.version;
        fc.pre(version === (ip.includes(':') ? 6 : 4) && parseIp(address)?.version === version);
        const family = version === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(ip, prefix, family);
        expect(isAllowedFrom(ranges(`${ip}/${prefix}`), address)).toBe(list.check(address, family));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a list of ranges', () => {
  test('is open to all when it is empty, and to nobody else with any', () => {
    expect(isAllowedFrom([], '203.0.113.9')).toBe(true);
    expect(isAllowedFrom([], undefined)).toBe(true);
    const list = ranges('198.51.100.0/24', '2001:db8::/32');
    for (const address of ['198.51.100.1', '::ffff:198.51.100.1', '2001:db8::9'])
      expect(isAllowedFrom(list, address), address).toBe(true);
    for (const address of ['198.51.101.1', '::ffff:198.51.101.1', '2001:db9::', '', 'unknown', undefined])
      expect(isAllowedFrom(list, address), address).toBe(false);
  });

  test('of IPv6 says nothing of IPv4, and the other way round', () => {
    expect(isAllowedFrom(ranges('::/0'), '198.51.100.1')).toBe(false);
    expect(isAllowedFrom(ranges('::/0'), '::ffff:198.51.100.1')).toBe(false);
    expect(isAllowedFrom(ranges('0.0.0.0/0'), '2001:db8::1')).toBe(false);
  });
});

describe('a key for payouts is bound', () => {
  test.each<[string, readonly string[], boolean]>([
    ['by no range', [], false],
    ['by an address', ['203.0.113.9'], true],
    ['by the widest range of IPv4', ['10.1.0.0/16'], true],
    ['by a wider one of IPv4', ['10.0.0.0/15'], false],
    ['by all of IPv4', ['0.0.0.0/0'], false],
    ['by IPv4 written as IPv6', ['::ffff:10.1.0.0/112'], true],
    ['by too much of IPv4 written as IPv6', ['::ffff:10.0.0.0/111'], false],
    ['by the widest range of IPv6', ['2001:db8::/32'], true],
    ['by a wider one of IPv6', ['2001:db8::/31'], false],
    ['by all of IPv6', ['::/0'], false],
    ['by narrow ranges of both', ['203.0.113.0/24', '2001:db8:1::/48'], true],
    ['by a wide range beside a narrow one', ['203.0.113.0/24', '128.0.0.0/1', '2001:db8::1'], false],
    ['by two halves of everything', ['0.0.0.0/1', '128.0.0.0/1'], false],
  ])('%s: %j is %s', (_name, texts, expected) => {
    const read = ranges(...texts);
    expect(read).toHaveLength(texts.length);
    expect(isBound(read)).toBe(expected);
  });
});
