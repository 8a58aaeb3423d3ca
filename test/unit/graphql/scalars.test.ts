import type { GraphQLScalarType } from 'graphql';
import { parseValue } from 'graphql';
import { describe, expect, test } from 'vitest';
import * as scalars from '../../../src/graphql/core/scalars.ts';

const both = (scalar: GraphQLScalarType, text: string) => {
  const asVariable = scalar.parseValue(text);
  expect(scalar.parseLiteral(parseValue(JSON.stringify(text)))).toEqual(asVariable);
  return asVariable;
};
const refused = (scalar: GraphQLScalarType, value: unknown) => {
  expect(() => scalar.parseValue(value)).toThrow(scalar.name);
};

describe('Decimal', () => {
  test.each(['0', '12.50', '-3', '0.000000000000000001', '9'.repeat(78)])('%s stays as it is', (text) => {
    expect(both(scalars.DecimalScalar, text)).toBe(text);
    expect(scalars.DecimalScalar.serialize(text)).toBe(text);
  });
  test.each(['', '1e3', '+1', '.5', '1.', 'NaN', '1,5', ' 1', '9'.repeat(79), '１'])(
    '"%s" is refused',
    (text) => {
      refused(scalars.DecimalScalar, text);
    },
  );
  test.each([1, 1.5, null, true, {}])('%j is refused: it has been a float or is none', (value) => {
    refused(scalars.DecimalScalar, value);
  });
  test('number literals are refused', () => {
    expect(() => scalars.DecimalScalar.parseLiteral(parseValue('1.5'))).toThrow(
      'Decimal must be given as a string',
    );
  });
  test('a float is never given out', () => {
    expect(() => scalars.DecimalScalar.serialize(1.5)).toThrow('Decimal');
  });
});

describe('BigInt', () => {
  test('is exact', () => {
    const text = '115792089237316195423570985008687907853269984665640564039457584007913129639935';
    expect(both(scalars.BigIntScalar, text)).toBe(BigInt(text));
    expect(scalars.BigIntScalar.serialize(BigInt(text))).toBe(text);
  });
  test.each(['1.0', '0x10', '', '1n', 12])('%j is refused', (value) => refused(scalars.BigIntScalar, value));
});

describe('DateTime', () => {
  test.each([
    ['2026-11-21T08:30:00Z', '2026-11-21T08:30:00.000Z'],
    ['2026-11-21T08:30:00.123456Z', '2026-11-21T08:30:00.123Z'],
    ['2026-11-21T10:30:00+02:00', '2026-11-21T08:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(scalars.DateTimeScalar.serialize(both(scalars.DateTimeScalar, text))).toBe(utc);
  });
  test.each([
    '2026-11-21T08:30:00',
    '2026-11-21',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    'now',
    1_700_000_000,
  ])('%j is refused', (value) => refused(scalars.DateTimeScalar, value));
});

describe('URL', () => {
  test('http and https pass', () => {
    expect(both(scalars.UrlScalar, 'https://shop.example/hook?a=1')).toBe('https://shop.example/hook?a=1');
    expect(both(scalars.UrlScalar, 'http://shop.example')).toBe('http://shop.example/');
  });
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    '/relative',
    'https://user:password@shop.example',
    `https://shop.example/${'x'.repeat(2048)}`,
  ])('%s is refused', (text) => refused(scalars.UrlScalar, text));
});

describe('EventCursor', () => {
  test('comes back as it went', () => {
    const position = { txid: 18_446_744_073_709_551_615n, seq: 42n };
    const cursor = scalars.EventCursorScalar.serialize(position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(both(scalars.EventCursorScalar, cursor)).toEqual(position);
  });
  test.each(['', 'abc', '1.2.3', Buffer.from('2.1.1').toString('base64url'), 'x'.repeat(500)])(
    '"%s" is refused',
    (text) => refused(scalars.EventCursorScalar, text),
  );
});

test('JSON takes any value, literals with variables too', () => {
  expect(scalars.JsonScalar.parseValue({ a: [1, null] })).toEqual({ a: [1, null] });
  expect(scalars.JsonScalar.parseLiteral(parseValue('{ a: [1, $n] }'), { n: 2 })).toEqual({ a: [1, 2] });
});
