import { describe, expect, test } from 'vitest';
import { observedRates, type RateRules } from '../../../src/domain/money/observed-rates.ts';
import { rateBook } from '../../../src/domain/money/rate-book.ts';
import type { RateSourceKind } from '../../../src/domain/money/rate-observation.ts';
import { formatRate, scaleRate } from '../../../src/domain/money/rate.ts';

const NOW = new Date('2026-11-06T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const RULES: RateRules = {
  method: 'median',
  deviationPercent: 3,
  maxAgeSeconds: { MARKET: 600, REFERENCE: 4 * 86_400 },
};

/** A book from lines such as 'BTC/USD 90000', all seen at one moment. */
function book(source: string, kind: RateSourceKind, at: Date, ...lines: string[]) {
  const observations = lines.map((line) => {
    const [, base = '', quote = '', price = ''] = /^(\w+)\/(\w+) (\S+)$/.exec(line) ?? [];
    return { base, quote, price: scaleRate(price), at };
  });
  return rateBook(source, kind, observations);
}
const market = (source: string, ...lines: string[]) => book(source, 'MARKET', ago(30), ...lines);
const FRANKFURT = ago(20 * 3_600);
const ecb = book('ecb', 'REFERENCE', FRANKFURT, 'EUR/USD 1.25', 'EUR/SEK 12.5', 'EUR/JPY 200');

type Books = Parameters<typeof observedRates>[0];
function rate(books: Books, pair: string, rules: Partial<RateRules> = {}) {
  const [asset = '', currency = ''] = pair.split('/');
  const found = observedRates(books, { ...RULES, ...rules }, NOW).rateOf(asset, currency);
  return found && `${formatRate(found.scaled)} by ${found.source}`;
}

describe('one source', () => {
  const kraken = market('kraken', 'BTC/USD 90000', 'BTC/EUR 80000', 'LTC/USD 120', 'ETH/BTC 0.03');

  test.each([
    ['a pair that it names', 'BTC/USD', '90000 by kraken'],
    ['the other way round, rounded down', 'USD/BTC', '0.000011111111111111 by kraken'],
    ['two assets over its dollar', 'BTC/LTC', '750 by kraken'],
    ['an asset over its dollar', 'LTC/BTC', '0.001333333333333333 by kraken'],
    ['an asset over its bitcoin', 'ETH/EUR', '2400 by kraken'],
    [
      'an asset over what it makes of the dollar',
      'LTC/EUR',
      '106.666666666666666666 by kraken; USD/EUR by kraken',
    ],
    ['two fiat currencies by what it makes of them', 'EUR/USD', '1.125 by kraken'],
  ])('prices %s', (_what, pair, expected) => {
    expect(rate([kraken], pair)).toBe(expected);
  });

  test.each(['BTC/SEK', 'CRO/USD', 'SEK/NOK', 'BTC/BTC', 'BTC/XXX', 'XXX/USD', 'constructor/USD'])(
    'has none for %s',
    (pair) => {
      expect(rate([kraken], pair)).toBeNull();
    },
  );
});

describe('crossing with fiat rates', () => {
  const kraken = market('kraken', 'BTC/USD 90000', 'ETH/EUR 3000');

  test('prices an asset over the dollar, else over the euro, and names all sources', () => {
    expect(rate([kraken, ecb], 'BTC/SEK')).toBe('900000 by kraken; USD/SEK by ecb');
    expect(rate([kraken, ecb], 'ETH/JPY')).toBe('600000 by kraken; EUR/JPY by ecb');
    expect(rate([kraken, ecb], 'BTC/EUR')).toBe('72000 by kraken; USD/EUR by ecb');
  });

  test('prices fiat in an asset, and fiat in fiat', () => {
    expect(rate([kraken, ecb], 'SEK/BTC')).toBe('0.000001111111111111 by kraken; SEK/USD by ecb');
    expect(rate([kraken, ecb], 'SEK/JPY')).toBe('16 by ecb');
    expect(rate([kraken, ecb], 'USD/EUR')).toBe('0.8 by ecb');
  });

  test('is as old as the oldest that went into it', () => {
    const table = observedRates([kraken, ecb], RULES, NOW);
    expect(table.rateOf('BTC', 'USD')?.at).toEqual(ago(30));
    expect(table.rateOf('BTC', 'SEK')?.at).toEqual(FRANKFURT);
  });

  test('prefers the reference rate to what markets make of two fiat currencies', () => {
    const gecko = market('coingecko', 'BTC/USD 90000', 'BTC/SEK 1800000');
    expect(rate([gecko, ecb], 'USD/SEK')).toBe('10 by ecb');
    expect(rate([gecko], 'USD/SEK')).toBe('20 by coingecko');
  });

  test('lets a source join that does not price the pair itself', () => {
    const gecko = market('coingecko', 'BTC/SEK 905000');
    expect(rate([gecko, kraken, ecb], 'BTC/SEK')).toBe(
      '902500 by median of coingecko, kraken; USD/SEK by ecb',
    );
  });

  test('but not where two sources price it themselves', () => {
    const two = [market('coingecko', 'BTC/SEK 905000'), market('coinbase', 'BTC/SEK 907000')];
    expect(rate([...two, kraken, ecb], 'BTC/SEK')).toBe('906000 by median of coingecko, coinbase');
  });

  test('joins two assets that no source knows both', () => {
    const books = [market('kraken', 'BTC/USD 90000'), market('coinbase', 'CRO/USD 0.1')];
    expect(rate(books, 'BTC/CRO')).toBe('900000 by kraken and coinbase');
  });
});

describe('several sources', () => {
  const at = (...prices: string[]) => prices.map((price, i) => market(`s${i}`, `BTC/USD ${price}`));

  test.each([
    [['100', '102'], '101 by median of s0, s1'],
    [['100', '103'], '101.5 by median of s0, s1'],
    [['100', '103.0001'], null],
    [['100', '102', '101'], '101 by median of s0, s1, s2'],
    // One that errs or lies is outvoted, and not named.
    [['100', '9999', '102'], '102 by median of s0, s2'],
    [['0.0001', '100', '102'], '100 by median of s1, s2'],
    [['100', '110', '120'], null],
    [['100', '101', '200', '201'], null],
    [['100', '101', '102', '500'], '101.5 by median of s0, s1, s2'],
    [['100', '101', '500', '0.1'], null],
  ] as const)('of %j make %s', (prices, expected) => {
    expect(rate(at(...prices), 'BTC/USD')).toBe(expected);
  });

  test('how far they may lie apart is configured', () => {
    expect(rate(at('100', '110'), 'BTC/USD', { deviationPercent: 10 })).toBe('105 by median of s0, s1');
  });

  test('with priority the first that has a rate counts', () => {
    const first = { method: 'priority' } as const;
    expect(rate(at('100', '500'), 'BTC/USD', first)).toBe('100 by s0');
    expect(rate([market('s9', 'LTC/USD 1'), ...at('100', '500')], 'BTC/USD', first)).toBe('100 by s0');
    const kraken = market('kraken', 'BTC/USD 90000');
    const gecko = market('coingecko', 'BTC/SEK 905000');
    expect(rate([kraken, gecko, ecb], 'BTC/SEK', first)).toBe('905000 by coingecko');
  });

  test('a disputed fiat rate is not crossed with', () => {
    const other = book('bank', 'REFERENCE', FRANKFURT, 'USD/SEK 12', 'EUR/SEK 14');
    const kraken = market('kraken', 'BTC/USD 90000', 'BTC/EUR 72000');
    expect(rate([kraken, ecb, other], 'USD/SEK')).toBeNull();
    expect(rate([kraken, ecb, other], 'BTC/SEK')).toBeNull();
  });
});

describe('age', () => {
  const seen = (seconds: number) => book('kraken', 'MARKET', ago(seconds), 'BTC/USD 90000');

  test('a price serves to its last second, and not longer', () => {
    expect(rate([seen(600)], 'BTC/USD')).toBe('90000 by kraken');
    expect(rate([seen(600.001)], 'BTC/USD')).toBeNull();
  });

  test('of a stale source and a fresh one the fresh one serves', () => {
    const gecko = market('coingecko', 'BTC/USD 91000');
    expect(rate([seen(601), gecko], 'BTC/USD')).toBe('91000 by coingecko');
  });

  test('a reference rate serves for days, and a crossing with a stale one is none', () => {
    const old = (seconds: number) => book('ecb', 'REFERENCE', ago(seconds), 'EUR/USD 1.25', 'EUR/SEK 12.5');
    expect(rate([seen(1), old(4 * 86_400)], 'BTC/SEK')).toBe('900000 by kraken; USD/SEK by ecb');
    expect(rate([seen(1), old(4 * 86_400 + 1)], 'BTC/SEK')).toBeNull();
    expect(rate([seen(601), old(1)], 'BTC/SEK')).toBeNull();
  });

  test('what a source saw in our future counts as now while its clock is a little ahead, and is none after that', () => {
    const table = observedRates([seen(-60)], RULES, NOW);
    expect(table.rateOf('BTC', 'USD')).toMatchObject({ at: NOW });
    expect(rate([seen(-61)], 'BTC/USD')).toBeNull();
    expect(rate([seen(-1e9)], 'BTC/USD')).toBeNull();
  });

  test('of two prices of one pair the later one counts', () => {
    const both = [
      { base: 'BTC', quote: 'USD', price: scaleRate('2'), at: ago(10) },
      { base: 'BTC', quote: 'USD', price: scaleRate('1'), at: ago(20) },
    ];
    for (const observations of [both, both.toReversed()])
      expect(rate([rateBook('kraken', 'MARKET', observations)], 'BTC/USD')).toBe('2 by kraken');
  });
});

describe('what the database could not hold', () => {
  test('is none: too small or too great', () => {
    const tiny = market('kraken', 'BTC/USD 0.000000000000000001', 'LTC/USD 999999999999999999999999999999');
    expect(rate([tiny], 'BTC/LTC')).toBeNull();
    expect(rate([tiny], 'LTC/BTC')).toBeNull();
    expect(rate([tiny], 'BTC/USD')).toBe('0.000000000000000001 by kraken');
  });
});
