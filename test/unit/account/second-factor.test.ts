import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeDigits, recoveryCodeKey, recoveryCodeOf } from '../../../src/domain/account/second-factor.ts';

const bytes = fc.uint8Array({ minLength: 24, maxLength: 24 });

describe('a recovery code', () => {
  test('is twenty-four characters of five random bits each, in groups of four', () => {
    const counted = Uint8Array.from({ length: 24 }, (_, i) => i);
    expect(recoveryCodeOf(counted)).toBe('0123-4567-89AB-CDEF-GHJK-MNPQ');
    expect(recoveryCodeOf(counted.map((i) => 255 - i))).toBe('ZYXW-VTSR-QPNM-KJHG-FEDC-BA98');
    expect(() => recoveryCodeOf(new Uint8Array(23))).toThrow(RangeError);
  });

  test('is recognised however it is typed, and two codes never become one', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const code = recoveryCodeOf(one);
        const key = recoveryCodeKey(code);
        expect(key).toBe(code.replaceAll('-', ''));
        expect(recoveryCodeKey(code.toLowerCase())).toBe(key);
        expect(recoveryCodeKey(` ${code.replaceAll('-', ' ')}\n`)).toBe(key);
        expect(recoveryCodeKey(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(key);
        const differs = one.some((byte, i) => byte % 32 !== (other[i] ?? 0) % 32);
        expect(recoveryCodeKey(recoveryCodeOf(other)) !== key).toBe(differs);
      }),
    );
  });

  test.each([
    '',
    '0123-4567-89AB-CDEF-GHJK-MNP',
    '0123-4567-89AB-CDEF-GHJK-MNPQR',
    '0123-4567-89AB-CDEF-GHJK-MNPU',
    '0'.repeat(65),
  ])('is not %j', (typed) => {
    expect(recoveryCodeKey(typed)).toBeNull();
  });
});

describe('a six-digit code', () => {
  test.each([
    ['123456', '123456'],
    [' 123 456\n', '123456'],
    ['12345', null],
    ['1234567', null],
    ['12345a', null],
    ['１２３４５６', null],
    [`${' '.repeat(100)}123456`, null],
    ['', null],
  ])('%j is read as %j', (typed, digits) => {
    expect(codeDigits(typed)).toBe(digits);
  });
});
