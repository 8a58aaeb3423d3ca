import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURRENCIES } from '../../../src/domain/money/currencies.ts';
import { formatAmount, parseAmount } from '../../../src/domain/money/money.ts';
import { convert, convertBack, formatRate, quoteAmount, scaleRate } from '../../../src/domain/money/rate.ts';

const currency = fc.constantFrom(...CURRENCIES.map((c) => c.code));
const amount = fc.bigInt({ min: 1n, max: 10n ** 30n });

describe('amounts', () => {
  test('are data: 33 fiat currencies and six assets, each with its smallest unit', () => {
    expect(CURRENCIES.filter((c) => c.kind === 'FIAT')).toHaveLength(33);
    expect(CURRENCIES.filter((c) => c.exponent === 0).map((c) => c.code)).toEqual(['CLP', 'JPY', 'KRW']);
    expect(CURRENCIES.filter((c) => c.kind === 'CRYPTO').map((c) => [c.code, c.exponent])).toEqual([
      ['BTC', 8],
      ['LTC', 8],
      ['ETH', 18],
      ['CRO', 18],
      ['USDC', 6],
      ['USDT', 6],
    ]);
  });

  test('are read and written without loss', () => {
    fc.assert(
      fc.property(amount, currency, (minorUnits, code) => {
        expect(parseAmount(formatAmount({ minorUnits, currency: code }), code)).toBe(minorUnits);
      }),
    );
  });

  test.each([
    ['12.5', 'USD', 1250n],
    ['12.50000', 'USD', 1250n],
    ['100', 'JPY', 100n],
    ['0.000000000000000001', 'ETH', 1n],
  ])('%s %s is %s minor units', (text, code, minorUnits) => {
    expect(parseAmount(text, code)).toBe(minorUnits);
  });

  test.each(['12.505', '-1', '1e3', '', ' 1', '1,5', '.5', '5.', '0x10', 'NaN', '9'.repeat(80)])(
    'refuses %j as dollars instead of rounding it',
    (text) => {
      expect(parseAmount(text, 'USD')).toBeNull();
    },
  );

  test('write negative amounts with their sign', () => {
    expect(formatAmount({ minorUnits: -5n, currency: 'USD' })).toBe('-0.05');
    expect(formatAmount({ minorUnits: -5n, currency: 'JPY' })).toBe('-5');
  });
});

describe('quotes', () => {
  test('ask for the price by the rate, rounded up to eight decimals', () => {
    expect(quoteAmount(10_000n, 'USD', 'ETH', scaleRate('3000'))).toBe(33_333_340_000_000_000n);
    expect(quoteAmount(10_000n, 'USD', 'USDT', scaleRate('1'))).toBe(100_000_000n);
    expect(quoteAmount(1n, 'USD', 'BTC', scaleRate('90000'))).toBe(12n);
  });

  test('keep rates exactly', () => {
    expect(formatRate(scaleRate('2500.25'))).toBe('2500.25');
    expect(formatRate(scaleRate('3000'))).toBe('3000');
    expect(() => scaleRate('0')).toThrow(RangeError);
    expect(() => scaleRate('-1')).toThrow(RangeError);
  });
});

describe('conversion by a rate', () => {
  const anyRate = fc.bigInt({ min: 1n, max: 10n ** 26n });

  test.each([
    [100_000_000n, 'USDT', 'USD', '1', 10_000n],
    [1n, 'USDT', 'USD', '1', 0n],
    [10n ** 18n, 'ETH', 'JPY', '376543.219', 376_543n],
    [1n, 'BTC', 'ETH', '0.333', 3_330_000_000n],
  ])('%s %s in %s at %s is %s', (units, from, to, rate, worth) => {
    expect(convert(units, from, to, scaleRate(rate))).toBe(worth);
  });

  test.each([
    [10_000n, 'USDT', 'USD', '1', 100_000_000n],
    [1n, 'BTC', 'USD', '60000', 17n],
    [0n, 'ETH', 'USD', '2000', 0n],
  ])('worth %s takes of %s, in %s at %s, %s', (worth, from, to, rate, units) => {
    expect(convertBack(worth, from, to, scaleRate(rate))).toBe(units);
  });

  test('and back gives the least amount that is worth as much, for any currencies and rate', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        currency,
        currency,
        anyRate,
        (value, from, to, rate) => {
          const needed = convertBack(value, from, to, rate);
          expect(convert(needed, from, to, rate)).toBeGreaterThanOrEqual(value);
          expect(convert(needed - 1n, from, to, rate)).toBeLessThan(value);
        },
      ),
    );
  });

  test('never makes more of the parts than of the whole', () => {
    fc.assert(
      fc.property(amount, amount, currency, currency, anyRate, (one, other, from, to, rate) => {
        const parts = convert(one, from, to, rate) + convert(other, from, to, rate);
        const whole = convert(one + other, from, to, rate);
        expect([0n, 1n]).toContain(whole - parts);
      }),
    );
  });
});
