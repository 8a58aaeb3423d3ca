import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type Platform } from '../../../src/demo/platform.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes, postGraphQL } from '../../testkit/raw-graphql.ts';
import { newest, sentTokens } from '../../testkit/sent-secrets.ts';
import { visitor } from '../../testkit/visitor.ts';
import { PASSWORD, people } from './people.ts';

const WRITTEN = ['user', 'user_token', 'merchant', 'event'] as const;

const clock = createMovableClock();
const env = { TRUSTED_PROXIES: '127.0.0.1' };
const kit = usePlatform({ env, overrides: { clock } });
const shop = people(kit);

/** How many of the requests were let through. */
async function passed(requests: readonly Promise<unknown>[]): Promise<number> {
  const settled = await Promise.allSettled(requests);
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

describe('signing up', () => {
  test('with one address is answered five times an hour, known or not, and then refused alike', async () => {
    await shop.join('known@shop.example');
    clock.advance({ hours: 1 });
    for (const [one, other] of [
      ['known@shop.example', ' Known@Shop.Example '],
      ['new@shop.example', 'NEW@shop.example'],
    ] as const) {
      const tries = Array.from({ length: 10 }, (_, i) => shop.signUp(i % 2 ? one : other));
      expect(await passed(tries)).toBe(5);
      const before = await rowCounts(kit.database.pool, WRITTEN);
      expect(await errorCodes(shop.signUp(one))).toEqual(['RATE_LIMITED']);
      expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
    }
    clock.advance({ hours: 1 });
    expect(await passed([shop.signUp('known@shop.example'), shop.signUp('new@shop.example')])).toBe(2);
  });

  test('from one network address is answered thirty times an hour', async () => {
    const api = visitor(kit.platform.url);
    const tries = Array.from({ length: 35 }, (_, i) => shop.signUp(`many${i}@shop.example`, PASSWORD, api));
    expect(await passed(tries)).toBe(30);
    await shop.signUp('neighbour@shop.example');
  });

  test('says when to come again', async () => {
    const input = { email: 'later@shop.example', password: PASSWORD, merchantName: 'Shop' };
    const send = () => postGraphQL(kit.platform.url, operations.UserSignUpDocument, { input });
    for (let i = 0; i < 5; i++) await send();
    const { body } = await send();
    const extensions: unknown = body.errors?.[0]?.extensions;
    expect(extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number) as number,
    });
  });
});

describe('guessing a password from many addresses', () => {
  const guess = (email: string, ip: string, password = 'wrong') =>
    shop.trySignIn(email, password, visitor(kit.platform.url, { ip }));
  const flood = async (email: string) =>
    passed(Array.from({ length: 60 }, (_, i) => guess(email, `198.51.100.${i}`)));

  test('ends for the account, and leaves the person in who signed in from here before', async () => {
    const email = 'dora@shop.example';
    await shop.join(email);
    const home = ['203.0.113.5', '2001:db8:0:5::1'];
    for (const ip of home) expect(await guess(email, ip, PASSWORD)).toHaveProperty('token');
    expect(await flood(email)).toBe(50);
    expect(await errorCodes(guess(email, '203.0.113.6', PASSWORD))).toEqual(['RATE_LIMITED']);
    for (const ip of ['203.0.113.5', '2001:db8:0:5:1234::1'])
      expect(await guess(email, ip, PASSWORD)).toHaveProperty('token');
  });

  test('goes on no longer from an address of the person than from any other', async () => {
    const email = 'emma@shop.example';
    await shop.join(email);
    const ip = '203.0.113.7';
    expect(await guess(email, ip, PASSWORD)).toHaveProperty('token');
    expect(await passed(Array.from({ length: 14 }, () => guess(email, ip)))).toBe(10);
    expect(await errorCodes(guess(email, ip, PASSWORD))).toEqual(['RATE_LIMITED']);
    clock.advance({ hours: 24 * 90 });
    expect(await flood(email)).toBe(50);
    expect(await errorCodes(guess(email, ip, PASSWORD))).toEqual(['RATE_LIMITED']);
  });

  test('of nobody is refused alike, also where no address can be', async () => {
    expect(await flood('nobody@shop.example')).toBe(50);
    const ip = '203.0.113.8';
    for (const email of ['\0', 'no address']) {
      expect(await passed(Array.from({ length: 10 }, () => guess(email, ip)))).toBe(10);
      expect(await errorCodes(guess(email, ip))).toEqual(['RATE_LIMITED']);
    }
  });
});

test('the password of a confirmation link is guessed ten times in a quarter of an hour', async () => {
  const email = 'ada@shop.example';
  await shop.signUp(email);
  const link = newest(await sentTokens(kit.database.pool, 'user.signed_up', email));
  const tries = Array.from({ length: 14 }, (_, i) => shop.confirm(link, `guess number ${i}`));
  expect(await passed(tries)).toBe(10);
  expect(await errorCodes(shop.confirm(link))).toEqual(['RATE_LIMITED']);
  clock.advance({ seconds: 15 * 60 });
  expect(await shop.confirm(link)).toMatchObject({ confirmed: true });
});

test('links are tried a hundred times in five minutes from one network address', async () => {
  const api = visitor(kit.platform.url);
  const tries = [
    ...Array.from({ length: 60 }, (_, i) => shop.confirm(`made-up-${i}`, PASSWORD, api)),
    ...Array.from({ length: 60 }, (_, i) => shop.reset(`made-up-${i}`, PASSWORD, api)),
  ];
  expect(await passed(tries)).toBe(100);
});

describe('a second gateway on the same database', () => {
  let second: Platform;
  beforeAll(async () => {
    second = await startPlatform({
      env: { NODE_ENV: 'test', DATABASE_URL: kit.database.url, LOG_LEVEL: 'error', ...env },
      overrides: { clock },
    });
  });
  afterAll(() => second.stop());

  test('shares every limit', async () => {
    await shop.join('ben@shop.example');
    clock.advance({ hours: 1 });
    const urls = [kit.platform.url, second.url];
    const resets = Array.from({ length: 12 }, (_, i) =>
      shop.requestReset('ben@shop.example', visitor(urls[i % 2] ?? '')),
    );
    expect(await passed(resets)).toBe(5);
    const signUps = Array.from({ length: 12 }, (_, i) =>
      shop.signUp('cleo@shop.example', PASSWORD, visitor(urls[i % 2] ?? '')),
    );
    expect(await passed(signUps)).toBe(5);
    const ip = '192.0.2.77';
    const unknown = Array.from({ length: 36 }, (_, i) =>
      shop.requestReset(`nobody${i}@shop.example`, visitor(urls[i % 2] ?? '', { ip })),
    );
    expect(await passed(unknown)).toBe(30);
  });
});
