import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrice } from '../../../src/domain/money/rate-observation.ts';
import { formatRate, scaleRate } from '../../../src/domain/money/rate.ts';

describe('a price as a source writes it', () => {
  test.each([
    ['67187.3358936566', '67187.3358936566'],
    ['64395.10000', '64395.1'],
    ['185.72', '185.72'],
    ['1', '1'],
    ['0001.50', '1.5'],
    ['1e-7', '0.0000001'],
    ['1.25E-7', '0.000000125'],
    ['9.1e+4', '91000'],
    ['2e3', '2000'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['0.0000000000000000019', '0.000000000000000001'],
    ['123456789012345678901234567890e-30', '0.123456789012345678'],
  ])('%s is exactly %s', (text, price) => {
    expect(parsePrice(text)).toBe(scaleRate(price));
  });

  test.each([
    '',
    ' 1',
    '1 ',
    ...'1. .5 1,5 -1 +1 0 0.000 0e9 NaN Infinity null 0x10 1e e5 1e1.5 ١'.split(' '),
    ...'1e61 1e999 1e-61 1e-19 0.0000000000000000001'.split(' '),
    // What numeric(48,18) cannot hold, and what is long only to cost something.
    '1e30',
    `1${'0'.repeat(30)}`,
    '9'.repeat(81),
    `0.${'0'.repeat(90)}1`,
  ])('%j is none', (text) => {
    expect(parsePrice(text)).toBeNull();
  });

  test('is the same in plain and in exponent notation', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        fc.integer({ min: -18, max: 5 }),
        (digits, exponent) => {
          const scaled = digits * 10n ** BigInt(18 + exponent);
          expect(parsePrice(`${digits}e${exponent}`)).toBe(scaled);
          expect(parsePrice(formatRate(scaled))).toBe(scaled);
        },
      ),
    );
  });
});
