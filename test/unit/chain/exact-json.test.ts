import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountOf, parseExact } from '../../../src/adapters/chain/utxo/exact-json.ts';

describe('amounts', () => {
  test.each([
    ['0.00000001', 1n],
    ['0.00000000', 0n],
    ['0', 0n],
    ['1', 100_000_000n],
    ['84000000.00000000', 8_400_000_000_000_000n],
    ['83999999.99999999', 8_399_999_999_999_999n],
    ['92233720368.54775807', 9_223_372_036_854_775_807n],
    // A float would make 0.29999999 or 0.30000001 of these.
    ['0.29999999', 29_999_999n],
    ['0.30000000', 30_000_000n],
    // As proxies write them that read and write the JSON anew.
    ['1e-8', 1n],
    ['1E-08', 1n],
    ['1.5e-7', 15n],
    ['8.4e7', 8_400_000_000_000_000n],
    ['0.100000000000', 10_000_000n],
  ])('%s coins are %s units', (source, units) => {
    expect(amountOf(source)).toBe(units);
    expect(parseExact(`{"vout":[{"value": ${source} ,"n":0}]}`)).toEqual({ vout: [{ value: units, n: 0 }] });
  });

  test.each(['-1', '0.000000001', '1e-9', '1e9999', '', 'NaN'])('%j is none', (source) => {
    expect(() => amountOf(source)).toThrow(SyntaxError);
  });

  test('any amount that a node writes is read exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 84_000_000n * 10n ** 8n }), (units) => {
        const written = `${units / 10n ** 8n}.${(units % 10n ** 8n).toString().padStart(8, '0')}`;
        expect(amountOf(written)).toBe(units);
      }),
    );
  });
});

test('other numbers stay numbers, and texts stay texts', () => {
  expect(parseExact('{"height":7,"value":"0.1","fee":0.5,"time":1795268392}')).toEqual({
    height: 7,
    value: '0.1',
    fee: 0.5,
    time: 1_795_268_392,
  });
  expect(() => parseExact('{"value":1')).toThrow(SyntaxError);
});
