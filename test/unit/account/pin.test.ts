import { expect, test } from 'vitest';
import { isPin, isTrivialPin } from '../../../src/domain/account/pin.ts';

test.each(['0417', '2468', '83920', '10293847', '0000', '1234'])('%s has the form of a PIN', (pin) => {
  expect(isPin(pin)).toBe(true);
});

test.each(['', '123', '123456789', '12a4', ' 1234', '1234\n', '١٢٣٤', '１２３４', '-123', '1e10'])(
  '%j has not',
  (pin) => {
    expect(isPin(pin)).toBe(false);
  },
);

test.each([
  '0000',
  '77777777',
  '1234',
  '0123',
  '7890',
  '9012',
  '9876',
  '3210',
  '1098',
  '12345678',
  '1212',
  '131313',
  '123123',
  '12341234',
  '2580',
  '0852',
])('%s is trivial', (pin) => {
  expect(isTrivialPin(pin)).toBe(true);
});

test.each(['0417', '2468', '1213', '12312', '83920', '10293847', '2581'])('%s is not', (pin) => {
  expect(isTrivialPin(pin)).toBe(false);
});
