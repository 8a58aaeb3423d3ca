import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCoreServer } from './core-server.ts';
import type { CoreServer } from './core-server.ts';

let server: CoreServer;
beforeAll(async () => {
  server = await startCoreServer({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
});
afterAll(() => server.close());

const who = async (headers: Record<string, string>) => {
  const { status, body } = await server.query('{ whoAmI }', headers);
  return status === 200
    ? body.data?.['whoAmI']
    : `${status} ${String(body.errors?.[0]?.extensions?.['code'])}`;
};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentials', () => {
  test.each([
    ['none', {}, 'ANONYMOUS'],
    ['bearer', { authorization: 'Bearer good' }, 'alice'],
    ['basic with the key as user', { authorization: basic('good:') }, 'alice'],
    ['basic with a password', { authorization: basic('good:x') }, '401 UNAUTHENTICATED'],
    ['an unknown key', { authorization: 'Bearer bad' }, '401 UNAUTHENTICATED'],
    ['another scheme', { authorization: 'Digest good' }, '401 UNAUTHENTICATED'],
  ])('%s', async (_name, headers: Record<string, string>, expected) => {
    expect(await who(headers)).toBe(expected);
  });
});

describe('a cookie counts only in a request of our own pages', () => {
  const cookie = { cookie: 'theme=dark; paybell_session=good' };
  const csrf = { 'x-paybell-csrf': '1' };
  test.each([
    ['without the CSRF header', cookie, 'ANONYMOUS'],
    ['with it', { ...cookie, ...csrf }, 'alice'],
    ['from our own origin', { ...cookie, ...csrf, origin: 'http://shop.test' }, 'alice'],
    ['from a listed origin', { ...cookie, ...csrf, origin: 'https://app.test' }, 'alice'],
    ['from a foreign origin', { ...cookie, ...csrf, origin: 'https://evil.test' }, 'ANONYMOUS'],
  ])('%s', async (_name, headers: Record<string, string>, expected) => {
    expect(await who(headers)).toBe(expected);
  });

  test('a dead cookie is taken away with the refusal', async () => {
    const { status, response } = await server.query('{ whoAmI }', { cookie: 'paybell_session=bad', ...csrf });
    expect(status).toBe(401);
    expect(response.headers.get('set-cookie')).toBe(
      'paybell_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    );
  });

  test('a mutation can set it', async () => {
    const { response } = await server.query('mutation { signIn }');
    expect(response.headers.get('set-cookie')).toBe('paybell_session=fresh; Path=/; HttpOnly; SameSite=Lax');
  });
});

describe('under https the cookie is bound to this very host', () => {
  test('by its name, in both directions', async () => {
    const secure = await startCoreServer({ https: true });
    const csrf = { 'x-paybell-csrf': '1' };
    const whoIs = async (cookie: string) =>
      (await secure.query('{ whoAmI }', { cookie, ...csrf })).body.data?.['whoAmI'];
    const { response } = await secure.query('mutation { signIn }');
    expect(response.headers.get('set-cookie')).toBe(
      '__Host-paybell_session=fresh; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    expect(await whoIs('__Host-paybell_session=good')).toBe('alice');
    // What a page of a neighbouring domain, or one without https, could have planted.
    expect(await whoIs('paybell_session=good')).toBe('ANONYMOUS');
    await secure.close();
  });
});

test('the user agent is put into words only when somebody asks', async () => {
  const before = server.described.length;
  await server.query('{ whoAmI clientIp }', { authorization: 'Bearer good', 'user-agent': 'Some/1.0' });
  await server.query('{ device }', { 'user-agent': 'Some/2.0' });
  expect(server.described.slice(before)).toEqual(['Some/2.0']);
});

describe('cross-origin reading', () => {
  const preflight = (origin: string) => fetch(server.url, { method: 'OPTIONS', headers: { origin } });

  test('a listed origin may, another may not', async () => {
    const listed = await preflight('https://app.test');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(listed.headers.get('access-control-allow-headers')).toBe(
      'authorization, content-type, x-paybell-csrf, x-paybell-activity',
    );
    expect((await preflight('https://evil.test')).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await server.query('{ hello }', { origin: 'https://app.test' });
    expect(answer.response.headers.get('access-control-allow-origin')).toBe('https://app.test');
  });
});

describe('the address of the caller', () => {
  const ip = async (forwarded: string) =>
    (await server.query('{ clientIp }', { 'x-forwarded-for': forwarded })).body.data?.['clientIp'];

  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['rubbish', '127.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s through trusted proxies is %s', async (forwarded, expected) => {
    expect(await ip(forwarded)).toBe(expected);
  });

  test('without trusted proxies the header is not believed', async () => {
    const plain = await startCoreServer();
    const { body } = await plain.query('{ clientIp }', { 'x-forwarded-for': '203.0.113.9' });
    expect(body.data?.['clientIp']).toBe('127.0.0.1');
    await plain.close();
  });
});
