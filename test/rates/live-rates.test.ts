import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCoinGecko } from '../../src/adapters/rates/coingecko.ts';
import { createEcb } from '../../src/adapters/rates/ecb.ts';
import { createKraken } from '../../src/adapters/rates/kraken.ts';
import { createLiveRates, type LiveRates } from '../../src/adapters/rates/live-rates.ts';
import { createSourceHttp } from '../../src/adapters/rates/source-http.ts';
import type { RateRules } from '../../src/domain/money/observed-rates.ts';
import { formatRate } from '../../src/domain/money/rate.ts';
import {
  COINGECKO_PATH,
  ECB_PATH,
  KRAKEN_PATH,
  coingeckoAnswer,
  ecbSheet,
  krakenAnswer,
  startRateServer,
  status,
  type Reply,
} from './rate-server.ts';

const START = Date.parse('2026-11-06T12:00:00Z');
const KEY = 'key-of-the-local-double';
const RULES: RateRules = {
  method: 'median',
  deviationPercent: 3,
  maxAgeSeconds: { MARKET: 600, REFERENCE: 4 * 86_400 },
};

/** Sources on the local server, with a clock that only the test moves. */
async function setUp(timeoutMilliseconds: number) {
  const server = await startRateServer();
  let passed = 0;
  const clock = { now: () => new Date(START + passed * 1_000) };
  const lines: { level: string; fields: object; message: string }[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  const get = createSourceHttp({ timeoutMilliseconds });
  const live = createLiveRates({
    sources: [
      createCoinGecko({ get, apiRoot: server.root, apiKey: KEY }),
      createKraken({ get, apiRoot: server.root, clock }),
      createEcb({ get, apiRoot: server.root }),
    ],
    rules: RULES,
    refreshSeconds: 60,
    clock,
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    elapsed: () => passed * 1_000,
  });
  const gecko = (usd: string, age = 0) =>
    server.answer(
      COINGECKO_PATH,
      coingeckoAnswer({ bitcoin: `"usd":${usd}` }, new Date(clock.now().getTime() - age * 1_000)),
    );
  const kraken = (usd: string) => server.answer(KRAKEN_PATH, krakenAnswer({ XXBTZUSD: [usd, usd] }));
  gecko('90000');
  kraken('90100');
  server.answer(ECB_PATH, ecbSheet('2026-11-05', { USD: '1.25', SEK: '12.5' }));
  return {
    server,
    live,
    lines,
    gecko,
    kraken,
    /** Both sources of crypto prices. */
    markets: (reply: Reply) => {
      server.answer(COINGECKO_PATH, reply);
      server.answer(KRAKEN_PATH, reply);
    },
    pass: (seconds: number) => void (passed += seconds),
    /** How often a path was asked. */
    asked: (path: string) => server.requests.filter(({ url }) => url.pathname === path).length,
  };
}

let it: Awaited<ReturnType<typeof setUp>>;
const tearDown = async () => {
  await it.live.close();
  await it.server.stop();
};
beforeEach(async () => {
  // Longer than any test: none of them fails on a slow machine because an answer was given up.
  it = await setUp(60_000);
});
afterEach(tearDown);

/** For tests in which a source does not answer. */
async function withLittlePatience() {
  await tearDown();
  it = await setUp(200);
}

async function rate(pair = 'BTC/USD', live: LiveRates = it.live) {
  const [asset = '', currency = ''] = pair.split('/');
  const found = (await live.table()).rateOf(asset, currency);
  return found && `${formatRate(found.scaled)} by ${found.source}`;
}
const BOTH = '90050 by median of coingecko, kraken';

/** Waits until what is renewed beside a caller is there. */
const settled = (expected: string | null) => expect.poll(() => rate()).toBe(expected);

describe('sources that answer', () => {
  test('are asked when the first rate is needed, once for all who ask at once', async () => {
    expect(it.server.requests).toEqual([]);
    expect(await Promise.all(Array.from({ length: 10 }, () => rate()))).toEqual(Array(10).fill(BOTH));
    expect(await rate('BTC/SEK')).toBe('900500 by median of coingecko, kraken; USD/SEK by ecb');
    expect(it.server.requests).toHaveLength(3);
    expect(it.live.newest()).toEqual([
      { source: 'coingecko', at: new Date(START) },
      { source: 'kraken', at: new Date(START) },
      { source: 'ecb', at: new Date('2026-11-05T12:10:00Z') },
    ]);
  });

  test('are asked again after the refresh interval, beside those who ask', async () => {
    await rate();
    it.pass(59);
    await rate();
    expect(it.asked(KRAKEN_PATH)).toBe(1);
    it.pass(1);
    it.gecko('91000');
    // It answers only when it is told to: nobody waits for it while the old price is fresh.
    let answer = (): void => undefined;
    it.server.answer(KRAKEN_PATH, (response) => {
      answer = () => void response.end(krakenAnswer({ XXBTZUSD: ['91100', '91100'] }));
    });
    expect(await rate()).toBe(BOTH);
    await expect.poll(() => it.asked(KRAKEN_PATH)).toBe(2);
    expect(await rate()).toMatch(/^9\d+ by median of coingecko, kraken$/);
    answer();
    await settled('91050 by median of coingecko, kraken');
    // The bank's rates change once a day: it is asked once an hour.
    expect(it.asked(ECB_PATH)).toBe(1);
    it.kraken('91100');
    it.pass(3_600);
    await rate();
    await expect.poll(() => it.asked(ECB_PATH)).toBe(2);
  });

  test('are waited for when nobody asked for long', async () => {
    await rate();
    it.pass(3_000);
    it.gecko('80000');
    it.kraken('80100');
    expect(await rate()).toBe('80050 by median of coingecko, kraken');
  });

  test('that disagree give no rate, and none is waited for', async () => {
    it.kraken('93000');
    expect(await rate()).toBeNull();
    expect(await rate('BTC/SEK')).toBeNull();
    expect(it.lines).toEqual([]);
  });

  test('with a pair less from one moment to the next lack it', async () => {
    it.kraken('90100');
    it.server.answer(COINGECKO_PATH, coingeckoAnswer({ litecoin: '"usd":100' }, new Date(START)));
    expect(await rate()).toBe('90100 by kraken');
    expect(await rate('LTC/USD')).toBe('100 by coingecko');
  });

  test('with a stale price do not serve with it', async () => {
    it.gecko('50', 601);
    expect(await rate()).toBe('90100 by kraken');
  });
});

describe('a source that fails', () => {
  test.each<[string, Reply]>([
    ['answers 500', status(500)],
    ['answers 429', status(429)],
    ['answers a page with 200', '<!doctype html><html>Sorry</html>'],
    ['answers nothing useful', '{}'],
    ['does not answer', () => undefined],
    ['breaks the connection', (response) => response.destroy()],
  ])('as it %s leaves the rate to the others', async (_how, reply) => {
    await withLittlePatience();
    it.server.answer(COINGECKO_PATH, reply);
    expect(await rate()).toBe('90100 by kraken');
    expect(it.lines).toEqual([
      {
        level: 'warn',
        fields: { source: 'coingecko', err: expect.objectContaining({ name: 'RateSourceError' }) },
        message: 'a source of rates failed; what it said last is used until it is too old',
      },
    ]);
    expect(inspect(it.lines, { depth: null })).not.toContain(KEY);
  });

  test('keeps serving with what it said last, until that is too old', async () => {
    await rate();
    it.markets(status(500));
    it.pass(600);
    expect(await rate()).toBe(BOTH);
    it.pass(1);
    expect(await rate()).toBeNull();
    expect(await rate('USD/SEK')).toBe('10 by ecb');
  });

  test('is asked after longer and longer pauses, and told of once, and once when it is back', async () => {
    it.server.answer(COINGECKO_PATH, status(500));
    const at: number[] = [];
    for (let second = 0; second <= 1_200; second += 5) {
      const before = it.asked(COINGECKO_PATH);
      await rate();
      if (it.asked(COINGECKO_PATH) > before) at.push(second);
      it.pass(5);
    }
    expect(at).toEqual([0, 5, 15, 35, 75, 155, 315, 615, 915]);
    expect(it.lines.map(({ message }) => message)).toHaveLength(1);
    it.pass(300);
    it.gecko('90000');
    await settled(BOTH);
    expect(it.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: a source of rates failed; what it said last is used until it is too old',
      'info: the source of rates answers again',
    ]);
  });

  test('is left alone as long as it asks for, an hour at most', async () => {
    it.server.answer(COINGECKO_PATH, status(429, { 'retry-after': '120' }));
    await rate();
    it.pass(119);
    await rate();
    expect(it.asked(COINGECKO_PATH)).toBe(1);
    it.server.answer(COINGECKO_PATH, status(503, { 'retry-after': '999999' }));
    it.pass(1);
    await rate();
    expect(it.asked(COINGECKO_PATH)).toBe(2);
    it.pass(3_599);
    await rate();
    expect(it.asked(COINGECKO_PATH)).toBe(2);
    it.gecko('90000');
    it.pass(1);
    await rate();
    expect(it.asked(COINGECKO_PATH)).toBe(3);
  });

  test('holds nobody up while it is left alone', async () => {
    await withLittlePatience();
    it.markets(() => undefined);
    expect(await rate()).toBeNull();
    // Each caller would wait again for what does not answer.
    const before = it.server.requests.length;
    expect(await Promise.all(Array.from({ length: 10 }, () => rate()))).toEqual(Array(10).fill(null));
    expect(it.server.requests).toHaveLength(before);
  });
});

test('closing ends what is under way, asks nothing any more, and says nothing', async () => {
  it.markets(() => undefined);
  const waiting = rate();
  await expect.poll(() => it.asked(KRAKEN_PATH)).toBe(1);
  await it.live.close();
  expect(await waiting).toBeNull();
  const before = it.server.requests.length;
  expect(await rate()).toBeNull();
  expect(it.server.requests).toHaveLength(before);
  expect(it.lines).toEqual([]);
});
