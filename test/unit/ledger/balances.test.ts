import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_BALANCES, withDebts, type Balances } from '../../../src/domain/ledger/balances.ts';
import type { LedgerAccountKind, LedgerEntry } from '../../../src/domain/ledger/entries.ts';

const entry = (
  ...legs: readonly [kind: LedgerAccountKind, amount: bigint, asset?: string][]
): LedgerEntry => ({
  sourceType: 'PAYMENT',
  sourceId: 'a/1',
  kind: 'CREDITED',
  postings: legs.map(([kind, amount, asset = 'USDT']) => ({
    account: { kind, asset, merchantId: 'merchant', network: null },
    amount,
  })),
});

const balances = (available: bigint, owed: bigint): Balances => ({
  available: () => available,
  owed: () => owed,
});

const legsOf = (entries: readonly LedgerEntry[]) =>
  entries.flatMap(({ postings }) => postings.map(({ account, amount }) => [account.kind, amount]));

describe('debts', () => {
  test('are none while AVAILABLE bears a reversal', () => {
    const entries = [entry(['AVAILABLE', -5n], ['CUSTODY', 5n])];
    expect(withDebts(entries, balances(5n, 0n))).toEqual(entries);
  });

  test('are what AVAILABLE cannot bear', () => {
    const entries = [entry(['AVAILABLE', -5n], ['CUSTODY', 5n])];
    expect(legsOf(withDebts(entries, balances(3n, 0n)))).toEqual([
      ['AVAILABLE', -3n],
      ['OWED', -2n],
      ['CUSTODY', 5n],
    ]);
    expect(legsOf(withDebts(entries, NO_BALANCES))).toEqual([
      ['OWED', -5n],
      ['CUSTODY', 5n],
    ]);
  });

  test('are paid back first', () => {
    const entries = [entry(['PENDING', -5n], ['AVAILABLE', 5n])];
    expect(legsOf(withDebts(entries, balances(0n, 2n)))).toEqual([
      ['PENDING', -5n],
      ['AVAILABLE', 3n],
      ['OWED', 2n],
    ]);
    expect(legsOf(withDebts(entries, balances(0n, 9n)))).toEqual([
      ['PENDING', -5n],
      ['OWED', 5n],
    ]);
  });

  test('are counted over all entries, and by currency', () => {
    const entries = [
      entry(['AVAILABLE', -5n]),
      entry(['AVAILABLE', 4n, 'ETH']),
      entry(['AVAILABLE', 7n]),
      entry(['AVAILABLE', -3n]),
    ];
    expect(legsOf(withDebts(entries, NO_BALANCES))).toEqual([
      ['OWED', -5n],
      ['AVAILABLE', 4n],
      ['AVAILABLE', 2n],
      ['OWED', 5n],
      ['AVAILABLE', -2n],
      ['OWED', -1n],
    ]);
  });

  test('keep every sum, and never let AVAILABLE fall below zero nor a debt become a balance', () => {
    const amounts = fc.array(fc.bigInt({ min: -100n, max: 100n }), { maxLength: 20 });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 0n, max: 50n }), fc.boolean(), (moves, start, indebted) => {
        let [available, owed] = indebted ? [0n, start] : [start, 0n];
        const entries = moves.filter((move) => move !== 0n).map((move) => entry(['AVAILABLE', move]));
        for (const [i, { postings }] of withDebts(entries, balances(available, owed)).entries()) {
          const sum = postings.reduce((all, { amount }) => all + amount, 0n);
          expect(sum).toBe(entries[i]?.postings[0]?.amount);
          for (const { account, amount } of postings) {
            if (account.kind === 'AVAILABLE') available += amount;
            else owed -= amount;
          }
          expect(available >= 0n && owed >= 0n && (available === 0n || owed === 0n)).toBe(true);
        }
      }),
    );
  });
});
