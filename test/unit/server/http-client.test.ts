import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createClientIpOf } from '../../../src/server/http-client.ts';

const PROXIES = ['10.0.0.0/8', '2001:db8:10::/48', '::1'];

/** What is read of a request. */
const request = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

const clientIpOf = createClientIpOf(PROXIES);
const through = (proxy: string, forwarded: string | string[]) =>
  clientIpOf(request(proxy, { 'x-forwarded-for': forwarded }));

describe('without a trusted proxy', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8::0:9', '2001:db8::9'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('the socket’s address %s counts as %s, whatever the header says', (remote, expected) => {
    expect(through(remote, '198.51.100.1')).toBe(expected);
    expect(clientIpOf(request(remote))).toBe(expected);
    expect(createClientIpOf([])(request(remote, { 'x-forwarded-for': '198.51.100.1' }))).toBe(expected);
  });

  test('a socket that is gone has none', () => {
    expect(clientIpOf(request(undefined, { 'x-forwarded-for': '198.51.100.1' }))).toBe('');
  });
});

describe('behind a trusted proxy', () => {
  test.each([
    ['one hop', '203.0.113.9', '203.0.113.9'],
    ['what a client sent itself is to the left', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a forged trusted address to the left', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['several proxies', '198.51.100.1, 203.0.113.9, 10.1.2.3, 10.4.5.6', '203.0.113.9'],
    ['proxies only', '10.1.2.3, 10.4.5.6', '10.1.2.3'],
    ['without blanks', '198.51.100.1,203.0.113.9,10.1.2.3', '203.0.113.9'],
    ['IPv6', '2001:DB8::9', '2001:db8::9'],
    ['IPv6 proxies', '2001:db8::9, 2001:db8:10::1', '2001:db8::9'],
    ['IPv4-mapped', '::ffff:203.0.113.9', '203.0.113.9'],
    ['IPv4-mapped in hexadecimal', '::ffff:cb00:7109', '203.0.113.9'],
    ['a mapped proxy', '203.0.113.9, ::ffff:10.1.2.3', '203.0.113.9'],
    ['IPv4 with port', '203.0.113.9:54321', '203.0.113.9'],
    ['IPv6 in brackets', '[2001:db8::9]', '2001:db8::9'],
    ['IPv6 in brackets with port', '[2001:db8::9]:443', '2001:db8::9'],
  ])('%s: %s', (_name, forwarded, expected) => {
    expect(through('10.0.0.1', forwarded)).toBe(expected);
    expect(through('::ffff:10.0.0.1', forwarded)).toBe(expected);
    expect(through('::1', forwarded)).toBe(expected);
  });

  test.each([
    ['a word', 'unknown'],
    ['an obfuscated name', '_hidden'],
    ['nothing', ' '],
    ['an empty last entry', '203.0.113.9, '],
    ['an empty entry between', '203.0.113.9,,10.0.0.1'],
    ['a broken address', '203.0.113.999'],
    ['an octal one', '0313.0.0161.011'],
    ['an open bracket', '[2001:db8::9'],
    ['a port that is none', '203.0.113.9:http'],
    ['a zone', 'fe80::1%eth0'],
    ['a line break', '203.0.113.9\r\nX-Evil: 1'],
    ['RFC 7239 in the wrong header', 'for=203.0.113.9'],
  ])('%s is believed no further: the proxy itself counts', (_name, forwarded) => {
    expect(through('10.0.0.1', forwarded)).toBe('10.0.0.1');
  });

  test('nothing is read past what is no address', () => {
    expect(through('10.0.0.1', '203.0.113.9, rubbish, 10.2.2.2')).toBe('10.2.2.2');
  });

  test('thousands of hops, and the header twice', () => {
    const hops = [...Array.from({ length: 5_000 }, () => '198.51.100.1'), '203.0.113.9', '10.1.1.1'];
    expect(through('10.0.0.1', hops.join(','))).toBe('203.0.113.9');
    expect(through('10.0.0.1', ['198.51.100.1', '203.0.113.9, 10.1.1.1'])).toBe('203.0.113.9');
  });

  test('Forwarded, X-Real-IP and their like are not read', () => {
    const headers = {
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
      'x-client-ip': '203.0.113.9',
      'cf-connecting-ip': '203.0.113.9',
    };
    expect(clientIpOf(request('10.0.0.1', headers))).toBe('10.0.0.1');
  });
});

test('a proxy that is no range is told at the start', () => {
  expect(() => createClientIpOf(['10.0.0.0/8', 'proxy.internal'])).toThrow(RangeError);
});
