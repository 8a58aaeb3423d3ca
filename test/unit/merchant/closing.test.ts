import { expect, test } from 'vitest';
import { closingConditions, mayClose, type ClosingBalance } from '../../../src/domain/merchant/closing.ts';

const NOTHING = { openInvoices: 0, unfinishedPayments: 0, openPayouts: 0 };

const told = (...balances: ClosingBalance[]) =>
  closingConditions({ ...NOTHING, balances })
    .filter(({ met }) => !met)
    .map(({ condition, detail }) => `${condition}: ${detail}`);

test('an account that owes cannot be closed, and is told what in words', () => {
  const owed = { asset: 'USDT', kind: 'OWED', minorUnits: -1_500_000n };
  const available = { asset: 'EUR', kind: 'AVAILABLE', minorUnits: 250n };
  expect(told()).toEqual([]);
  expect(told(owed)).toEqual(['NOTHING_OWED: The account owes: 1.500000 USDT owed.']);
  expect(told(owed, available)).toEqual([
    'NO_BALANCE: There is money on the account: 2.50 EUR available.',
    'NOTHING_OWED: The account owes: 1.500000 USDT owed.',
  ]);
  expect(mayClose(closingConditions({ ...NOTHING, balances: [owed] }))).toBe(false);
});
