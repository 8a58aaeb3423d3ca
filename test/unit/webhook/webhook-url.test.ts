import { describe, expect, test } from 'vitest';
import { createWebhookUrls } from '../../../src/adapters/webhook/webhook-urls.ts';

const { fault } = createWebhookUrls({ allowHttp: true, allowPrivate: false });
const production = createWebhookUrls({ allowHttp: false, allowPrivate: false });
const development = createWebhookUrls({ allowHttp: true, allowPrivate: true });

const NO_URL = 'must be a URL such as https://shop.example/hooks';
const PRIVATE_ADDRESS = 'must not point to a private or reserved address';
const PRIVATE_NAME = 'must have a host name that is known outside of your network';
const NO_NAME = 'must have a host name that can be looked up';
const USERINFO = 'must hold no user name and no password';
const PORT = 'must have a port that web servers use';

describe('a URL is taken', () => {
  test.each([
    'https://shop.example/hooks',
    'https://shop.example',
    'https://shop.example./hooks?a=1&b=%20',
    'https://SHOP.Example/hooks',
    'https://shop.example:8443/',
    'https://shop.example:3000/',
    'https://a_b.shop-1.example/',
    'https://bücher.example/',
    'https://shop.example/user:password@elsewhere',
    'https://localhost.shop.example/',
    'https://internal.shop.example/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('%s', (url) => {
    expect(fault(url)).toBeNull();
    expect(production.fault(url)).toBeNull();
  });
});

describe('however this machine or its network is written, it is refused:', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://0x7f.0.0.0x1/',
    'http://127.1/',
    'http://127.0.1/',
    'http://127.0.0.1./',
    'http://0/',
    'http://0.0.0.0/',
    'http://%31%32%37.0.0.1/',
    'http://127。0。0。1/',
    'http://①②⑦.⓪.⓪.①/',
    'http:127.0.0.1',
    'http:///127.0.0.1',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.168.1.1:8443/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::127.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
  ])('%s', (url) => {
    expect(fault(url)).toBe(PRIVATE_ADDRESS);
  });

  test.each([
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://shop.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://router.home.arpa/',
    'http://nas.lan/',
    'http://intranet/',
    'http://localhost.localdomain/',
    'http://db/',
  ])('%s', (url) => {
    expect(fault(url)).toBe(PRIVATE_NAME);
  });

  test.each([
    ['http://good.example@127.0.0.1/', USERINFO],
    ['http://good.example:80@127.0.0.1/', USERINFO],
    ['http://:@127.0.0.1/', PRIVATE_ADDRESS],
    ['http://127.0.0.1#@good.example/', 'must have no fragment'],
    ['http://127.0.0.1?@good.example/', PRIVATE_ADDRESS],
    ['http://127.0.0.1/@good.example', PRIVATE_ADDRESS],
    ['http://good.example\\@127.0.0.1/', NO_URL],
    ['http://127.0.0.1\\@good.example/', NO_URL],
    ['http://127.0.0.1 @good.example/', NO_URL],
    ['http://127.0.\t0.1/', NO_URL],
    ['http://127.0.0.1\n', NO_URL],
    ['http://[fe80::1%25eth0]/', NO_URL],
    ['http://[fe80::1%eth0]/', NO_URL],
    ['http://[::1/', NO_URL],
    ['http://256.1/', NO_URL],
    ['http://1.2.3.4.5/', NO_URL],
    ['http://4294967296/', NO_URL],
    ['http://localhost../', NO_NAME],
    ['http://shop..example/', NO_NAME],
    ['http://.shop.example/', NO_NAME],
    ['http://-shop.example/', NO_NAME],
    [`http://${'a'.repeat(64)}.example/`, NO_NAME],
    [`http://${'a.'.repeat(127)}example/`, NO_NAME],
  ])('%j', (url, message) => {
    expect(fault(url)).toBe(message);
  });
});

describe('a URL is refused with', () => {
  test.each([
    ['', NO_URL],
    ['shop.example/hooks', NO_URL],
    ['//shop.example/hooks', NO_URL],
    ['ftp://shop.example/', 'must begin with https:// or http://'],
    ['file:///etc/passwd', 'must begin with https:// or http://'],
    ['gopher://shop.example/_x', 'must begin with https:// or http://'],
    ['javascript:alert(1)', 'must begin with https:// or http://'],
    ['https://user@shop.example/', USERINFO],
    ['https://user:password@shop.example/', USERINFO],
    ['https://shop.example/#', 'must have no fragment'],
    ['https://shop.example/hooks#x', 'must have no fragment'],
    ['https://shop.example:22/', PORT],
    ['https://shop.example:25/', PORT],
    ['https://shop.example:0/', PORT],
    ['https://shop.example:1023/', PORT],
    ['https://shop.example:2375/', PORT],
    ['https://shop.example:5432/', PORT],
    ['https://shop.example:6379/', PORT],
    ['https://shop.example:9200/', PORT],
    ['https://shop.example:11211/', PORT],
    ['https://shop.example:65536/', NO_URL],
    [`https://shop.example/${'a'.repeat(2_048)}`, 'must have at most 2048 characters'],
  ])('%j', (url, message) => {
    expect(fault(url)).toBe(message);
  });
});

test('production takes https only', () => {
  expect(production.fault('http://shop.example/')).toBe('must begin with https://');
});

test('development reaches the own machine, by the same rules otherwise', () => {
  for (const url of ['http://127.0.0.1:3000/', 'http://localhost/', 'http://[::1]/', 'http://shop/'])
    expect(development.fault(url)).toBeNull();
  expect(development.fault('http://user@127.0.0.1/')).toBe(USERINFO);
  expect(development.fault('http://127.0.0.1:6379/')).toBe(PORT);
});
